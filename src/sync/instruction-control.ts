/** What a person says with an instruction. */
export interface Saying {
  readonly reason: string;
  /** Who says it, as the API knows him. */
  readonly by: string;
  /** Milliseconds after which it is over; absent: when somebody takes it back. */
  readonly forMs?: number;
}

/**
 * What people may tell Plumbline of one application: it is written onto the ApplySet parent, and looked at with the next pass, whose
 * id is the answer. Errors: PL-API-NOT-FOUND, PL-OBSERVE-ONLY, PL-INSTRUCTION-ABSENT, PL-KUBE-* (PL-KUBE-FORBIDDEN where the parent may not be written).
 */
export interface InstructionControl {
  /** No pass writes from now on. */
  suspend(name: string, saying: Saying): Promise<number>;
  resume(name: string, by: string): Promise<number>;
  /** Exactly the plan with this hash may be done. Errors: also PL-APPROVE-MOVED, PL-APPROVE-UNASKED, and those of a plan. */
  approve(name: string, plan: string, by: string): Promise<number>;
}
