import type { ResourcesPage } from "../../api/index.ts";
import { formatRef } from "../../model/index.ts";
import { untimedSentence } from "../../report/index.ts";

type Resource = Pick<ResourcesPage["items"][number], "ref" | "waiting" | "evidence">;

/** Of the application, then of each object that waits for something else; those that wait for the same are one line. */
export function waitingLines(waiting: string, resources: readonly Resource[]): readonly string[] {
  const alike = Map.groupBy(
    resources.filter((one) => one.waiting !== undefined),
    (one) => untimedSentence(one.waiting ?? ""),
  );
  const own = untimedSentence(waiting);
  const lines = [...alike].flatMap(([sentence, [first, ...more]]) => {
    if (first?.waiting === undefined || own.endsWith(sentence)) return [];
    return [`${formatRef(first.ref)}${more.length === 0 ? "" : ` and ${more.length} more`} ${first.waiting}`];
  });
  return [waiting, ...lines, ...resources.flatMap(evidenceLines)];
}

/** What Kubernetes has to say of an object, and where to look next. */
export function evidenceLines({ ref, evidence }: Pick<Resource, "ref" | "evidence">): readonly string[] {
  const { events = [], logs = [] } = evidence ?? {};
  return [
    ...events.map((event) => {
      const times = event.count > 1 ? ` (${event.count} times)` : "";
      return `${formatRef(ref)}: ${event.reason} of ${formatRef(event.ref)}: ${event.message}${times}`;
    }),
    ...logs.map(({ command }) => `${formatRef(ref)}: its last log lines: ${command}`),
  ];
}
