import { printable } from "../../kit/printable.ts";
import type { ApplicationStatus } from "../../model/index.ts";
import type { ReportStore } from "../../report/index.ts";
import type { Host } from "../host.ts";

/** Says what happens, each line with the seconds since the start. */
export class Narrator {
  readonly #host: Pick<Host, "out" | "now">;
  readonly #start: number;
  readonly #said = new Map<string, string>();

  constructor(host: Pick<Host, "out" | "now">) {
    this.#host = host;
    this.#start = host.now();
  }

  say(text: string): void {
    const seconds = (this.#host.now() - this.#start) / 1000;
    this.#host.out(`${seconds.toFixed(1).padStart(6)} s  ${printable(text)}\n`);
  }

  /** A line whenever an application's verdict is another one. Gives what ends it. */
  follow(report: Pick<ReportStore, "onChange" | "list">): () => void {
    const tell = (name: string, status: ApplicationStatus | undefined): void => {
      // Nothing is known before the first pass.
      if (status !== undefined && status.lastPass === undefined) return;
      const words = status === undefined ? "removed" : verdictOf(status);
      if (this.#said.get(name) === words) return;
      this.#said.set(name, words);
      this.say(`${name}  ${words}${status === undefined ? "" : revisionOf(status)}`);
    };
    for (const status of report.list().items) tell(`${status.namespace}/${status.name}`, status);
    return report.onChange(tell);
  }
}

/** What cannot be told says why, but for the seconds in it. */
function verdictOf({ sync, health }: ApplicationStatus): string {
  if (sync.status !== "Unknown") return `${sync.status}, ${health.status}`;
  return `Unknown: ${(sync.message ?? "").replace(/ \(.*\)/, "")}`;
}

function revisionOf({ source: { revision, subject } }: ApplicationStatus): string {
  return revision === undefined ? "" : `  ${revision.slice(0, 7)} ${subject ?? ""}`;
}
