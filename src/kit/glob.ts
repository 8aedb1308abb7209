/** Whether each text fits the pattern of its name; one without a pattern fits. */
export function globsMatch<Name extends string>(
  patterns: { readonly [name in NoInfer<Name>]?: string | undefined },
  texts: { readonly [name in Name]: string },
): boolean {
  for (const name in texts) {
    const pattern = patterns[name];
    if (pattern !== undefined && !globMatches(pattern, texts[name])) return false;
  }
  return true;
}

/** `*` stands for any run of characters, `?` for one; everything else for itself. Linear in text times pattern, whatever the pattern. */
export function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    if (p < pattern.length && (pattern[p] === "?" || (pattern[p] === text[t] && pattern[p] !== "*"))) {
      p++;
      t++;
    } else if (pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
