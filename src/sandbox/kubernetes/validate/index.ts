/**
 * validate: is an object what its schema says, in the real server's codes and words (recorded on kube-apiserver 1.36).
 *
 * Fields of every kind: `fieldProblems` finds them in one walk, as data. `validateFields` is what fieldValidation does to a
 * body that is created, replaced or patched, in the decoder's words; `requireTyped` is what server-side apply demands, in
 * those of its typed patches. Names twice in a text are found by `duplicateFields`: a parsed value has lost them.
 *
 * Custom resources: `validateCustom` is the definition's openAPIV3Schema, as 422; `pruneCustom` drops the fields it does
 * not know, `defaultCustom` adds its defaults. The order of the real server: prune (not what was applied), default, validate.
 *
 * Every object: `validateMeta` checks names, labels, annotations, finalizers and owners, as 422.
 *
 * It refuses: fields named __proto__ and nesting beyond 1,000 levels, with 400. Errors: ApiError only. Nothing that goes in
 * is changed. What a kind's own rules say beyond its schema is not known here, nor are CEL rules.
 */
export { defaultCustom, pruneCustom } from "./custom-fields.ts";
export { validateCustom } from "./custom-schema.ts";
export { duplicateFields } from "./duplicate-fields.ts";
export { fieldProblems } from "./field-problems.ts";
export { dropUnknown, type FieldPolicy, requireTyped, validateFields } from "./fields.ts";
export { cause, invalid } from "./invalid.ts";
export { validateMeta } from "./meta.ts";
