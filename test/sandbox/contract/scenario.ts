/**
 * What a scenario is made of: requests in their order, played in a namespace of its own. `$ns` stands for the namespace's name, in
 * paths, bodies and command lines; names of objects without a namespace are made of it, so that scenarios never meet.
 */
export interface Call {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** A string goes as it is, anything else as JSON. */
  readonly body?: unknown;
  /** `content-type` is application/json where nothing else is said. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** Parsed where it is JSON, else the text; of a watch its events. */
  readonly body: unknown;
}

export type Ask = Call | ((answers: readonly Answer[]) => Call);

export type Step =
  | {
      readonly kind: "ask";
      readonly ask: Ask;
      readonly until?: (answer: Answer) => boolean;
      readonly pick?: (body: unknown) => unknown;
      readonly given?: boolean;
    }
  | { readonly kind: "watch"; readonly ask: Ask; readonly events: number; readonly during: readonly Step[] }
  | { readonly kind: "kubectl"; readonly run: Kubectl; readonly until?: (answer: Answer) => boolean }
  | { readonly kind: "forget" };

export interface Kubectl {
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly editor?: string;
  /** Only what `pick` makes of its standard output is compared. */
  readonly pick?: (stdout: string) => string;
}

export interface Scenario {
  /** A sentence of behaviour; the golden answers stand under it. */
  readonly name: string;
  readonly steps: readonly Step[];
  /** managedFields are compared, too. */
  readonly managers?: boolean;
}

export interface Theme {
  /** Also the name of its file of golden answers. */
  readonly name: string;
  /** Whether workloads roll out and what was owned is collected; without, nothing moves but by a request. */
  readonly controllers?: boolean;
  /** The API is its own, so that it may be made to forget. */
  readonly alone?: boolean;
  readonly scenarios: readonly Scenario[];
}

export function scenario(name: string, steps: readonly Step[], more: Pick<Scenario, "managers"> = {}): Scenario {
  return { name, steps, ...more };
}

type More = Pick<Call, "headers">;

export const JSON_PATCH = "application/json-patch+json";
export const MERGE_PATCH = "application/merge-patch+json";
export const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
export const APPLY_PATCH = "application/apply-patch+yaml";

export const get = (path: string, more: More = {}): Step => ask({ method: "GET", path, ...more });
export const post = (path: string, body: unknown, more: More = {}): Step =>
  ask({ method: "POST", path, body, ...more });
export const put = (path: string, body: unknown, more: More = {}): Step => ask({ method: "PUT", path, body, ...more });
export const del = (path: string, body?: unknown): Step =>
  ask({ method: "DELETE", path, ...(body === undefined ? {} : { body }) });
export const patch = (type: string, path: string, body: unknown): Step =>
  ask({ method: "PATCH", path, body, headers: { "content-type": type } });
/** Server-side apply as the manager `applier`, unless the path says another. */
export const apply = (path: string, body: unknown): Step =>
  patch(APPLY_PATCH, /[?&]fieldManager=/.test(path) ? path : withQuery(path, "fieldManager=applier"), body);

export function ask(call: Ask): Step {
  return { kind: "ask", ask: call };
}

/** Asks again until the answer is as wanted, at most 30 s; only the last answer counts. */
export function until(step: Step, wanted: (answer: Answer) => boolean): Step {
  if (step.kind !== "ask" && step.kind !== "kubectl") throw new Error(`a ${step.kind} cannot be asked again`);
  return { ...step, until: wanted };
}

/** Only what `pick` makes of the body is compared. */
export function picked(step: Step, pick: (body: unknown) => unknown): Step {
  if (step.kind !== "ask") throw new Error(`of a ${step.kind} nothing can be picked`);
  return { ...step, pick };
}

/** What a scenario starts from: that it is accepted counts, its body is another scenario's matter. */
export function given(step: Step): Step {
  if (step.kind !== "ask") throw new Error(`a ${step.kind} is nothing given`);
  return { ...step, given: true };
}

/** Opens the watch, plays `during`, and reads until there were `events`, or the answer's end where there are Infinity. */
export function watch(call: Ask | string, events: number, during: readonly Step[] = []): Step {
  return { kind: "watch", ask: typeof call === "string" ? { method: "GET", path: call } : call, events, during };
}

/** A command line without quotes: its arguments are parted by blanks, unless they are given one by one. */
export function kubectl(command: string | readonly string[], more: Omit<Kubectl, "args"> = {}): Step {
  return { kind: "kubectl", run: { args: typeof command === "string" ? command.split(" ") : command, ...more } };
}

/** etcd's compaction: what was written so far can no more be watched from. */
export const FORGET: Step = { kind: "forget" };

/** Encoded for a query, with the namespace's name still to be filled in. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll("%24ns", "$ns");
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}

/** What stands at a pointer of an earlier answer, counted from 0, as text; "" where nothing does. */
export function said(answers: readonly Answer[], index: number, ...tokens: readonly (string | number)[]): string {
  let value: unknown = answers[index]?.body;
  for (const token of tokens) value = value instanceof Object ? Reflect.get(value, token) : undefined;
  return value === undefined ? "" : String(value);
}

export const versionOf = (answers: readonly Answer[], index: number): string =>
  said(answers, index, "metadata", "resourceVersion");
