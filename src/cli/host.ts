/** What the process gives to a command, so that nothing else reads argv, the environment, the terminal or the clock. */
export interface Host {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly home: string;
  /** Data. */
  out(text: string): void;
  /** Words. */
  err(text: string): void;
  /** Whether colours may go to stdout. */
  readonly colour: boolean;
  /** Asks whoever sits at the terminal; absent where nobody does. */
  ask?(question: string): Promise<string>;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Environment {
  readonly [name: string]: string | undefined;
}
