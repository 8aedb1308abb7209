/** One line of the server's metric apiserver_request_total: requests that were answered, with these labels. */
export interface RequestCount {
  /** GET, LIST, WATCH (counted when it ends), POST, PUT, APPLY, PATCH, DELETE, DELETECOLLECTION, CONNECT. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  /** Empty for requests that are not for a resource, such as discovery, /openapi and /metrics. */
  readonly resource: string;
  readonly subresource: string;
  readonly code: number;
  readonly count: number;
}

const LINE = /^apiserver_request_total\{(?<labels>.*)\} (?<value>\S+)$/;
const LABEL = /(\w+)="((?:\\.|[^"\\])*)"/g;

/**
 * Reads the counts out of a /metrics answer. The server's own requests over its loopback connection are in them (leases,
 * services, flow schemas and the like, mostly every 10 s): look at the resources in question, or count by user with the
 * audit log.
 */
export function parseRequestCounts(metrics: string): readonly RequestCount[] {
  const counts: RequestCount[] = [];
  for (const line of metrics.split("\n")) {
    const found = LINE.exec(line)?.groups;
    if (found === undefined) continue;
    const labels = new Map([...(found["labels"] ?? "").matchAll(LABEL)].map(([, name, value]) => [name, value]));
    const label = (name: string) => labels.get(name) ?? "";
    counts.push({
      verb: label("verb"),
      group: label("group"),
      version: label("version"),
      resource: label("resource"),
      subresource: label("subresource"),
      code: Number(label("code")),
      count: Number(found["value"]),
    });
  }
  return counts;
}

export type RequestFilter = Partial<Omit<RequestCount, "count">>;

/** The sum over all counts whose labels are those of the filter. */
export function sumRequests(counts: readonly RequestCount[], filter: RequestFilter = {}): number {
  const wanted = Object.entries(filter);
  const labels = (count: RequestCount) => new Map<string, unknown>(Object.entries(count));
  return counts
    .filter((count) => wanted.every(([name, value]) => labels(count).get(name) === value))
    .reduce((sum, { count }) => sum + count, 0);
}

/** What was asked between two readings: the counts that grew, each with its growth. */
export function requestsBetween(
  before: readonly RequestCount[],
  after: readonly RequestCount[],
): readonly RequestCount[] {
  const known = new Map(before.map((count) => [keyOf(count), count.count]));
  const grown = after.map((count) => ({ ...count, count: count.count - (known.get(keyOf(count)) ?? 0) }));
  return grown.filter(({ count }) => count > 0);
}

function keyOf({ count: _, ...labels }: RequestCount): string {
  return JSON.stringify(labels);
}
