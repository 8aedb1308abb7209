import { load, YAMLException } from "js-yaml";
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import { parsePointer, valueAt } from "../../kit/json-pointer.ts";
import { PlumblineError } from "../../model/index.ts";
import { lineOf } from "./line-of.ts";

export interface SettingsText {
  readonly text: string;
  /** For the errors. */
  readonly file: string;
}

/** A file of settings as the schema wants it, defaults filled in. Errors: PL-CONFIG-INVALID with `file:line` and the field's pointer. */
export function checkedText<T extends TSchema>(schema: T, { text, file }: SettingsText): Static<T> {
  const value = Value.Default(schema, parse(text, file));
  const [first] = misfits(schema, value);
  if (first === undefined && Value.Check(schema, value)) return value;
  const { pointer, message } = first ?? { pointer: "", message: "it does not fit" };
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message: `${pointer === "" ? "" : `${pointer}: `}${message}`,
    where: `${file}:${lineOf(text, pointer) ?? 1}`,
    next: "correct the field that is named",
  });
}

function parse(text: string, file: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const where = error.mark === undefined ? file : `${file}:${error.mark.line + 1}`;
    throw new PlumblineError("PL-CONFIG-INVALID", { message: `it is no YAML: ${error.reason}`, where, cause: error });
  }
}

export interface Misfit {
  /** RFC 6901, of the field that is wrong, unknown or missing. */
  readonly pointer: string;
  readonly message: string;
}

/** Everything in which a value does not fit, each with the field that it is about. */
export function misfits(schema: TSchema, value: unknown): readonly Misfit[] {
  return Value.Errors(schema, value).flatMap((error): readonly Misfit[] => {
    const { instancePath: pointer } = error;
    const below = (name: string): string => `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (error.keyword === "additionalProperties") {
      return error.params.additionalProperties.map((name) => ({
        pointer: below(name),
        message: "there is no such field",
      }));
    }
    if (error.keyword === "required") {
      return error.params.requiredProperties.map((name) => ({ pointer: below(name), message: "it is missing" }));
    }
    if (error.keyword === "enum") {
      return [{ pointer, message: `it must be one of ${error.params.allowedValues.map(String).join(", ")}` }];
    }
    // A field beyond those of a closed object is told twice; the other time it has a name.
    if (error.keyword === "boolean") return [];
    const found = valueAt(value, parsePointer(pointer) ?? []);
    const shown = typeof found === "object" || found === undefined ? "it" : `${JSON.stringify(found)}`;
    return [{ pointer, message: `${shown} ${error.message}` }];
  });
}
