/** One process of those that share the work. */
export interface Replica {
  /** Of this one process: a restart is another replica. */
  readonly id: string;
  /** Base URL of its API; absent where there is only one. */
  readonly url?: string;
}

/** The right of this replica to write for one application. A new one is given after each loss, so whoever begins to work asks for it anew. */
export interface Tenure {
  /** Names the replica and its term; the same for all its applications. "" where there is only one replica: then nothing need be written or compared. */
  readonly token: string;
  /** Asked in the very tick in which a write leaves. Goes by this process's own clock: nothing is asked of anybody. Once false, false for ever. */
  isValid(): boolean;
  /** Aborted when it is lost, at the latest soon after isValid() has become false. */
  readonly signal: AbortSignal;
}

/** Who of the replicas does what, as this one knows it now. Keys are names of applications, and of repositories. */
export interface Division {
  /** This replica works on it: nobody else can, any more. */
  owns(key: string): boolean;
  /** Whose it is, or is going to be when the one before has let go of it. */
  ownerOf(key: string): Replica;
  /** Undefined where owns() is false. */
  tenureOf(key: string): Tenure | undefined;
  /**
   * Called after owns() has changed for some keys. What a listener gives is waited for before others begin on what was lost:
   * it resolves when nothing of that runs any more. Called again when it is its turn on what it gains.
   */
  onChange(listener: () => Promise<void> | void): () => void;
}
