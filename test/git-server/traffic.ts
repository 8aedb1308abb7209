import type { IncomingMessage } from "node:http";

export type Operation = "info-refs" | "ls-refs" | "fetch" | "other";

export interface SeenRequest {
  /** Name of the repository. */
  readonly repo: string;
  readonly operation: Operation;
  readonly authorization: string | undefined;
  /** Set once it was answered. */
  status?: number;
  /** Of the body that was answered. */
  bytes?: number;
}

/** What goes wrong on the way, until it is taken away again. */
export type Fault = { readonly only?: Operation } & (
  | { readonly kind: "status"; readonly status: number; readonly headers?: { readonly [name: string]: string } }
  /** The connection stays open and silent. */
  | { readonly kind: "hang" }
  /** Only so many bytes of the body, with a length that pretends that it is whole, or with the connection cut. */
  | { readonly kind: "truncate"; readonly bytes: number; readonly quietly?: boolean }
  /** Bytes of the body that are turned around, from the end. */
  | { readonly kind: "spoil"; readonly fromEnd: number }
  /** To the same path of another server: `to` is an origin. */
  | { readonly kind: "redirect"; readonly to: string; readonly status?: number }
  | { readonly kind: "answer"; readonly contentType: string; readonly body: string }
);

/** What a request is, by its path and, for protocol v2, the first line of its body. */
export function operationOf(request: IncomingMessage, body: Buffer): Operation {
  const path = request.url ?? "";
  if (path.includes("/info/refs")) return "info-refs";
  if (!path.endsWith("/git-upload-pack")) return "other";
  return body.includes("command=ls-refs") ? "ls-refs" : "fetch";
}

export function repoOf(request: IncomingMessage): string {
  return /^\/(.*?)(\.git)?\/(info\/refs|git-upload-pack)/.exec(request.url ?? "")?.[1] ?? "";
}

/** Every request in the order of coming. */
export class Traffic {
  readonly all: SeenRequest[] = [];

  count(operation: Operation, repo?: string): number {
    return this.all.filter((one) => one.operation === operation && (repo === undefined || one.repo === repo)).length;
  }

  clear(): void {
    this.all.length = 0;
  }
}
