import { type ApplicationStatus, PlumblineError } from "../model/index.ts";
import type { ReportStore } from "../report/index.ts";

/** Tells those who wait for a pass that it has ended. */
export class PassEnds {
  readonly #report: Pick<ReportStore, "get">;
  readonly #listeners = new Set<(name: string, id: number) => void>();

  constructor(report: Pick<ReportStore, "get">) {
    this.#report = report;
  }

  tell(name: string, id: number): void {
    for (const listen of this.#listeners) listen(name, id);
  }

  /** Resolves when a pass with this id or a later one has ended, and none that only made way for the next. Errors: the signal's reason. */
  async wait(name: string, id: number, signal: AbortSignal): Promise<ApplicationStatus> {
    return await new Promise<ApplicationStatus>((resolve, reject) => {
      const finish = () => {
        this.#listeners.delete(listen);
        signal.removeEventListener("abort", abort);
      };
      const abort = () => {
        finish();
        reject(signal.reason);
      };
      const listen = (ended: string, endedId: number) => {
        const status = this.#report.get(name);
        if (ended !== name || endedId < id || status === undefined || isSuperseded(status)) return;
        finish();
        resolve(status);
      };
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort);
      this.#listeners.add(listen);
      listen(name, this.#report.get(name)?.lastPass?.id ?? 0);
    });
  }
}

function isSuperseded({ lastPass }: ApplicationStatus): boolean {
  return lastPass?.problem?.code === "PL-PASS-SUPERSEDED";
}

/** Why a pass that nobody wants any more ends. */
export function cancelled(message: string): PlumblineError {
  return new PlumblineError("PL-PASS-CANCELLED", { message });
}
