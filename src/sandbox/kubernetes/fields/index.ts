/**
 * fields: who owns which field of an object, as functions of what is there and what is written.
 *
 * `applyFields` is server-side apply: the manifest merged into the live object by the types of the schema, what this manager no longer
 * names taken out, and managedFields as they are to be. `noteUpdate` gives the managedFields after every other write: create, update,
 * patch, and the controllers' own.
 *
 * They promise: pure, no clock (the writer brings the time). The same managedFields, times included, and the same conflicts, as recorded
 * from kube-apiserver 1.36; what a client sends as managedFields is believed when it can be read, and passed over when not.
 *
 * They refuse, with an ApiError: managedFields in a manifest with 400, and fields of other managers with 409, unless forced.
 *
 * In: objects that fit their schema: duplicates and unknown fields are found before. Out: the object before defaults and validation; in it,
 * null stands for a map or list that the apply emptied.
 *
 * Not theirs: entries of another version than the one written (fields have the same names in all), and that the real server splits the
 * entry of an updater in two when /scale writes the number that it already is.
 */
export { applyFields } from "./apply.ts";
export { requireUnique } from "./unique.ts";
export { noteUpdate } from "./update.ts";
