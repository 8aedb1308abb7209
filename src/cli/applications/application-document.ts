import { Value } from "typebox/value";
import { type Application, ApplicationSchema, type Fleet, FleetSchema, isFleetDocument } from "../../model/index.ts";
import { type Misfit, misfits } from "../settings/checked.ts";

export type ReadApplication =
  | { readonly application: Application; readonly fleet?: never; readonly misfits?: never }
  | { readonly application?: never; readonly fleet: Fleet; readonly misfits?: never }
  | { readonly application?: never; readonly fleet?: never; readonly misfits: readonly Misfit[] };

/** An object as an Application, or as a declaration of many, defaults filled in; or everything in which it is none. */
export function readApplication(object: unknown): ReadApplication {
  if (isFleetDocument(object)) return readFleet(object);
  const value = Value.Default(ApplicationSchema, structuredClone(object));
  if (Value.Check(ApplicationSchema, value)) return { application: value };
  return { misfits: misfits(ApplicationSchema, value) };
}

function readFleet(object: unknown): ReadApplication {
  const value = Value.Default(FleetSchema, structuredClone(object));
  if (Value.Check(FleetSchema, value)) return { fleet: value };
  return { misfits: misfits(FleetSchema, value) };
}

/** "/spec/source/repo: it is missing" */
export function formatMisfit({ pointer, message }: Misfit): string {
  return pointer === "" ? message : `${pointer}: ${message}`;
}
