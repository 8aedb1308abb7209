/** Every theme of the contract, in the order of the golden files' names in the design: writing first, kubectl last. */
import type { Theme } from "../scenario.ts";
import { APPLY } from "./apply.ts";
import { APPLY_STRUCTURE } from "./apply-structure.ts";
import { CUSTOM_RESOURCES } from "./custom-resources.ts";
import { CUSTOM_DEFINITIONS } from "./definitions.ts";
import { DELETING } from "./deleting.ts";
import { DISCOVERY } from "./discovery.ts";
import { DRY_RUN } from "./dry-run.ts";
import { FORGETTING } from "./forgetting.ts";
import { GARBAGE } from "./garbage.ts";
import { KINDS } from "./kinds.ts";
import { KUBECTL_READING } from "./kubectl-reading.ts";
import { KUBECTL_ROLLOUTS } from "./kubectl-rollouts.ts";
import { KUBECTL_WRITING } from "./kubectl-writing.ts";
import { LISTS } from "./lists.ts";
import { PATCHES } from "./patches.ts";
import { REFUSALS } from "./refusals.ts";
import { SUBRESOURCES } from "./subresources.ts";
import { TABLES } from "./tables.ts";
import { FIELD_VALIDATION, VALIDATION } from "./validation.ts";
import { WATCHES } from "./watches.ts";
import { WRITING } from "./writing.ts";

export const THEMES: readonly Theme[] = [
  WRITING,
  REFUSALS,
  LISTS,
  WATCHES,
  PATCHES,
  APPLY,
  APPLY_STRUCTURE,
  DELETING,
  VALIDATION,
  FIELD_VALIDATION,
  DRY_RUN,
  SUBRESOURCES,
  TABLES,
  KINDS,
  DISCOVERY,
  CUSTOM_DEFINITIONS,
  CUSTOM_RESOURCES,
  GARBAGE,
  FORGETTING,
  KUBECTL_READING,
  KUBECTL_WRITING,
  KUBECTL_ROLLOUTS,
];
