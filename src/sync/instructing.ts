import { type InstructionChange, writeInstructions } from "../apply/index.ts";
import { PlumblineError } from "../model/index.ts";
import { scopeOf } from "../plan/index.ts";
import type { History } from "../report/index.ts";
import type { Entries } from "./entries.ts";
import type { InstructionControl, RollbackRequest, RolledBack, Saying } from "./instruction-control.ts";
import { type Told, toldOf } from "./instructions.ts";
import { planOnly } from "./pass.ts";
import type { PassInput } from "./pass-input.ts";
import { shortHash } from "./restrain.ts";
import { knownSyncs, rollbackTarget } from "./rollback-target.ts";
import type { Trigger } from "./triggers.ts";

export interface InstructingParts {
  readonly entries: Entries;
  /** Errors: PL-API-NOT-FOUND. */
  readonly input: (name: string) => PassInput;
  readonly ask: (name: string, trigger: Trigger) => void;
  readonly history: Pick<History, "records">;
}

export class Instructing implements InstructionControl {
  readonly #parts: InstructingParts;
  readonly #writing = new Set<string>();

  constructor(parts: InstructingParts) {
    this.#parts = parts;
  }

  async suspend(name: string, { reason, by, forMs }: Saying): Promise<number> {
    const suspended = { reason, by, ...timesOf(this.#parts.input(name), forMs) };
    return await this.write(name, { suspended }, { kind: "config", by });
  }

  async resume(name: string, by: string): Promise<number> {
    const { inForce } = await this.told(name);
    if (inForce.suspended === undefined) throw notSuspended(this.#parts.input(name));
    return await this.write(name, { suspended: null }, { kind: "config", by });
  }

  async approve(name: string, plan: string, by: string): Promise<number> {
    const input = this.#parts.input(name);
    if (!input.application.spec.sync.approve) {
      const message = `spec.sync.approve is not set for ${name}`;
      throw new PlumblineError("PL-APPROVE-UNASKED", { message, where: name });
    }
    const { hash } = await planOnly(input);
    if (hash !== plan) {
      const message = `the plan is ${shortHash(hash)} now, and ${shortHash(plan)} was to be approved`;
      throw new PlumblineError("PL-APPROVE-MOVED", { message, where: name });
    }
    const approved = { plan, by, at: new Date(input.now()).toISOString() };
    return await this.write(name, { approved }, { kind: "config", by });
  }

  async rollback(name: string, { revision: asked, elsewhere, ...saying }: RollbackRequest): Promise<RolledBack> {
    const { reason, by, forMs } = saying;
    const input = this.#parts.input(name);
    if (input.application.spec.sync.observe) throw observeOnly(name);
    const told = await this.told(name);
    const records = knownSyncs(name, { own: this.#parts.history.records(name), elsewhere, asked });
    const { parent } = told.found;
    const applied = parent === undefined ? undefined : scopeOf(parent).appliedSet;
    const revision = await rollbackTarget(input, { asked, pin: told.inForce.pin, applied, records });
    const pin = { revision, reason, by, ...timesOf(input, forMs) };
    return { pin, pass: await this.write(name, { pin }, { kind: "manual", by }) };
  }

  async unpin(name: string, by: string): Promise<number> {
    const { inForce } = await this.told(name);
    if (inForce.pin === undefined) {
      throw new PlumblineError("PL-INSTRUCTION-ABSENT", { message: `${name} is not pinned`, where: name });
    }
    return await this.write(name, { pin: null }, { kind: "config", by });
  }

  /** As it counts now. */
  async told(name: string): Promise<Told> {
    return await toldOf(this.#parts.input(name));
  }

  /** Writes, and has the application looked at. */
  async write(name: string, change: InstructionChange, trigger: Trigger): Promise<number> {
    const { application, cluster, inventoryNamespace, signal } = this.#parts.input(name);
    if (application.spec.sync.observe) throw observeOnly(name);
    const target = { cluster, application: name, inventoryNamespace, signal };
    this.#writing.add(name);
    let asking: Trigger = { kind: "drift" };
    try {
      await writeInstructions(target, change);
      asking = trigger;
    } finally {
      this.#writing.delete(name);
      this.#parts.ask(name, asking);
    }
    return (this.#parts.entries.get(name)?.passId ?? 0) + 1;
  }

  /** The pass that follows is this instruction's: what the watch says of the parent meanwhile asks for none of its own. */
  isWriting(name: string): boolean {
    return this.#writing.has(name);
  }
}

function timesOf({ now }: PassInput, forMs: number | undefined): { readonly at: string; readonly until?: string } {
  const at = now();
  const until = forMs === undefined ? {} : { until: new Date(at + forMs).toISOString() };
  return { at: new Date(at).toISOString(), ...until };
}

function observeOnly(name: string): PlumblineError {
  const message = "spec.sync.observe is set, so that nothing is written for it, what people say of it included";
  return new PlumblineError("PL-OBSERVE-ONLY", { message, where: name });
}

function notSuspended({ name, application }: PassInput): PlumblineError {
  if (!application.spec.suspend) {
    return new PlumblineError("PL-INSTRUCTION-ABSENT", { message: `${name} is not suspended`, where: name });
  }
  return new PlumblineError("PL-INSTRUCTION-ABSENT", {
    message: `${name} is suspended by spec.suspend of its declaration, and not by \`plumb suspend\``,
    where: name,
    next: "set spec.suspend to false where the Application is declared",
  });
}
