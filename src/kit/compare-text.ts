/** By code units, the same everywhere: the order of a machine's language is no order to keep things in. For `sort`. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
