import type { Plan } from "../model/index.ts";
import { differencesOnly } from "./differences.ts";
import { planOnly } from "./pass.ts";
import type { PassInput } from "./pass-input.ts";
import { previewOnly } from "./preview.ts";
import type { Preview, PreviewRequest } from "./proposed.ts";
import { renderOnly } from "./rendered.ts";
import type { Difference, PlanLook, Rendered, SyncControl } from "./types.ts";

/** What can be asked of an application without a pass: nothing is written, and nothing of it is remembered. */
export abstract class Looks implements Pick<SyncControl, "plan" | "preview" | "differences" | "rendered"> {
  /** Errors: PL-API-NOT-FOUND. */
  protected abstract readingInput(name: string, signal?: AbortSignal): PassInput;

  async plan(name: string, { signal, allowPrune = false }: PlanLook = {}): Promise<Plan> {
    return await planOnly({ ...this.readingInput(name, signal), allowPrune });
  }

  async preview(name: string, request: PreviewRequest, signal?: AbortSignal): Promise<Preview> {
    return await previewOnly(this.readingInput(name, signal), request);
  }

  async differences(name: string, signal?: AbortSignal): Promise<readonly Difference[]> {
    return await differencesOnly(this.readingInput(name, signal));
  }

  async rendered(name: string, signal?: AbortSignal): Promise<Rendered> {
    return await renderOnly(this.readingInput(name, signal));
  }
}
