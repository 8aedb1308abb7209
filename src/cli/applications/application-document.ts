import { Value } from "typebox/value";
import { type Application, ApplicationSchema } from "../../model/index.ts";
import { type Misfit, misfits } from "../settings/checked.ts";

export type ReadApplication =
  | { readonly application: Application; readonly misfits?: never }
  | { readonly application?: never; readonly misfits: readonly Misfit[] };

/** An object as an Application, defaults filled in; or everything in which it is none. */
export function readApplication(object: unknown): ReadApplication {
  const value = Value.Default(ApplicationSchema, structuredClone(object));
  if (Value.Check(ApplicationSchema, value)) return { application: value };
  return { misfits: misfits(ApplicationSchema, value) };
}

/** "/spec/source/repo: it is missing" */
export function formatMisfit({ pointer, message }: Misfit): string {
  return pointer === "" ? message : `${pointer}: ${message}`;
}
