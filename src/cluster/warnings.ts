/** `299 - "text"`, once or more in a header. Source: RFC 7234, section 5.5; the API server uses only 299 and `-`. */
const WARNING = /[0-9]{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** The texts of the server's Warning headers, each once. */
export function parseWarnings(header: string | readonly string[] | undefined): readonly string[] {
  const lines = header === undefined ? [] : typeof header === "string" ? [header] : header;
  const texts = lines.flatMap((line) =>
    [...line.matchAll(WARNING)].map(([, text = ""]) => text.replace(/\\(.)/g, "$1")),
  );
  return [...new Set(texts)];
}
