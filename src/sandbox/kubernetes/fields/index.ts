export { applyFields } from "./apply.ts";
export { noteUpdate } from "./update.ts";
