export interface CommitFacts {
  readonly tree: string;
  readonly parents: readonly string[];
  /** "Name <address>" */
  readonly author: string;
  /** RFC 3339, in UTC. */
  readonly committedAt: string;
  /** First line of the message. */
  readonly subject: string;
}

/** Source: Git, "gitformat-commit": headers, an empty line, the message. A header's further lines begin with a space. */
export function parseCommit(bytes: Uint8Array): CommitFacts | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  const end = text.indexOf("\n\n");
  const headers = (end < 0 ? text : text.slice(0, end)).split("\n");
  const header = (name: string): string =>
    headers.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
  const tree = header("tree");
  if (!/^[0-9a-f]{40}$/.test(tree)) return undefined;
  const seconds = Number(/ (\d{1,11}) [+-]\d{4}$/.exec(header("committer"))?.[1] ?? 0);
  const parents = headers.flatMap((line) => /^parent ([0-9a-f]{40})$/.exec(line)?.[1] ?? []);
  return {
    tree,
    parents,
    author: header("author").replace(/ \d+ [+-]\d{4}$/, ""),
    committedAt: new Date(seconds * 1000).toISOString(),
    subject:
      end < 0
        ? ""
        : (text
            .slice(end + 2)
            .trimStart()
            .split("\n", 1)[0] ?? ""),
  };
}
