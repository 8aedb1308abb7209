/** Text from elsewhere, fit for a terminal: nothing in it may move the cursor, change colours, or turn the direction of reading.
 *  With `lines` it keeps its line ends and tabs. */
export function printable(text: string, { lines = false }: { readonly lines?: boolean } = {}): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    if (lines && (char === "\n" || char === "\t")) return char;
    // Joiners hold emoji and several scripts together, and steer nothing.
    if (char === "\u200d" || char === "\u200c") return char;
    return char === "\n" || char === "\t" ? " " : "?";
  });
}
