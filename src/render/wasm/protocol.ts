import type { MessagePort } from "node:worker_threads";
import type { Json, Problem } from "../../model/index.ts";
import type { Made, OutputOptions } from "../types.ts";

/** What the engine is asked to do: src/render/engine/main.go has the same as Request. Paths are those of the Mounts. */
export interface EngineRequest {
  readonly kind: "helm" | "kustomize";
  readonly path: string;
  readonly helm: {
    readonly name: string;
    readonly namespace: string;
    readonly revision: number;
    readonly isUpgrade: boolean;
    readonly valueFiles: readonly string[];
    /** JSON, or "" for none. */
    readonly values: string;
    readonly set: readonly string[];
    readonly setString: readonly string[];
    readonly setFile: readonly { readonly key: string; readonly path: string }[];
    readonly includeCrds: boolean;
    /** "" for the destination's. */
    readonly kubeVersion: string;
    /** Beside the destination's. */
    readonly apiVersions: readonly string[];
  };
  readonly edits?: Json;
}

/** Text of one file that a template made, or of one object that a kustomization made. */
export interface EngineOutput {
  readonly file: string;
  readonly text: string;
  readonly crd?: boolean;
}

export interface EngineFailure {
  readonly kind: string;
  readonly message: string;
  readonly chart?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly violations?: readonly { readonly chart: string; readonly path: string; readonly message: string }[];
  readonly problem?: Problem;
}

export interface EngineAnswer {
  readonly outputs?: readonly EngineOutput[];
  readonly notes?: string;
  readonly failure?: EngineFailure;
  /** A template asked for chance in a way that the host does not see. */
  readonly volatile?: boolean;
  /** Something was left half done: the instance is of no more use. */
  readonly spoilt?: boolean;
}

/** What the engine asks for while it renders; src/render/engine/host has the same. */
export type Question =
  | { readonly op: "capabilities" }
  | { readonly op: "stat" | "read" | "names" | "below"; readonly path: string }
  | { readonly op: "chart"; readonly repo: string; readonly chart: string; readonly version: string }
  | {
      readonly op: "lookup";
      readonly apiVersion: string;
      readonly kind: string;
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly op: "clone"; readonly url: string; readonly ref: string }
  | { readonly op: "get"; readonly url: string };

/** Bytes or text of the answer; nothing for what is not there; the reason why it is not given. */
export type Reply =
  | { readonly content: Uint8Array | string }
  | { readonly missing: true }
  | { readonly refused: Problem };

/** What the engine said to its standard error, with the file that it had asked for last. */
export interface Notice {
  readonly line: string;
  readonly file?: string;
}

export interface Rendered {
  readonly failure?: EngineFailure;
  /** Read in the thread: large documents take seconds. With what is another in a second render, where chance or the clock had a say. */
  readonly made: Made;
  readonly notes: string;
  readonly isSpoilt: boolean;
  readonly notices: readonly Notice[];
  /** Every question, as JSON, that was not answered by the files that came along. */
  readonly asked: readonly string[];
}

/** A file that the engine will surely ask for, sent along so that it need not. */
export type SentFile = readonly [path: string, bytes: Uint8Array];

export interface Job {
  readonly request: EngineRequest;
  readonly output: OutputOptions;
  /** Everything below these folders is in `files`. */
  readonly whole: readonly string[];
  readonly files: readonly SentFile[];
  /** Replies to questions that the engine is expected to ask, by the question's JSON: each spares a wait for the main thread. */
  readonly told: readonly (readonly [question: string, reply: Reply])[];
}

/** Why an instance can do no more. */
export interface Death {
  readonly reason: "memory" | "stack" | "fault";
  readonly message: string;
}

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "rendered"; readonly rendered: Rendered; readonly memoryBytes: number }
  | { readonly type: "died"; readonly death: Death };

export interface WorkerData {
  readonly module: WebAssembly.Module;
  readonly questions: MessagePort;
  /** One number: 0 while the answer to a question is awaited. */
  readonly answered: Int32Array<SharedArrayBuffer>;
}
