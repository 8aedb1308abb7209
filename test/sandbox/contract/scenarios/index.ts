/** Every theme of the contract, in the order of the golden files' names in the design: writing first, kubectl last. */
import type { Theme } from "../scenario.ts";
import { APPLY } from "./apply.ts";
import { DELETING } from "./deleting.ts";
import { LISTS } from "./lists.ts";
import { PATCHES } from "./patches.ts";
import { REFUSALS } from "./refusals.ts";
import { WATCHES } from "./watches.ts";
import { WRITING } from "./writing.ts";

export const THEMES: readonly Theme[] = [WRITING, REFUSALS, LISTS, WATCHES, PATCHES, APPLY, DELETING];
