import type { Json } from "../../../model/index.ts";
import { ApiError, type Cause } from "../api-error.ts";

/** Which object is meant, as the server's sentences name it. */
export interface Identity {
  readonly group: string;
  readonly kind: string;
  readonly name?: string;
}

/** Reason and first words of a cause. Source: apimachinery, util/validation/field. */
const WORDS = {
  FieldValueInvalid: "Invalid value",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueRequired: "Required value",
  FieldValueForbidden: "Forbidden",
  FieldValueNotSupported: "Unsupported value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
} as const;

interface Refusal {
  readonly reason: keyof typeof WORDS;
  readonly field: string;
  /** Shown as JSON; undefined: not shown. */
  readonly value?: Json | undefined;
  readonly detail?: string;
}

export function cause({ reason, field, value, detail = "" }: Refusal): Cause {
  const shown = value === undefined ? [] : [JSON.stringify(value)];
  return { reason, message: [WORDS[reason], ...shown, ...(detail === "" ? [] : [detail])].join(": "), field };
}

/** 422 with every cause. */
export function invalid({ group, kind, name = "" }: Identity, causes: readonly Cause[]): ApiError {
  const sentences = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const [only = ""] = sentences;
  const subject = `${kind}${group === "" ? "" : `.${group}`} ${JSON.stringify(name)}`;
  return new ApiError(422, {
    reason: "Invalid",
    message: `${subject} is invalid: ${sentences.length === 1 ? only : `[${sentences.join(", ")}]`}`,
    details: {
      ...(name === "" ? {} : { name }),
      ...(group === "" ? {} : { group }),
      ...(kind === "" ? {} : { kind }),
      causes,
    },
  });
}
