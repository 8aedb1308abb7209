import { Value } from "typebox/value";
import { type Project, ProjectSchema } from "../../model/index.ts";
import { type Misfit, misfits } from "../settings/checked.ts";

export type ReadProject =
  | { readonly project: Project; readonly misfits?: never }
  | { readonly project?: never; readonly misfits: readonly Misfit[] };

export function isProjectDocument(object: { readonly apiVersion: string; readonly kind: string }): boolean {
  return object.kind === "Project" && object.apiVersion.startsWith("plumbline.dev/");
}

/** An object as a Project, defaults filled in; or everything in which it is none. */
export function readProject(object: unknown): ReadProject {
  const value = Value.Default(ProjectSchema, structuredClone(object));
  if (Value.Check(ProjectSchema, value)) return { project: value };
  return { misfits: misfits(ProjectSchema, value) };
}
