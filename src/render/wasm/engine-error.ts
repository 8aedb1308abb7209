import { PlumblineError } from "../../model/index.ts";
import type { Death } from "./protocol.ts";

export function timeoutError(deadlineMs: number): PlumblineError {
  return new PlumblineError("PL-RENDER-TIMEOUT", { message: `rendering took longer than ${deadlineMs / 1000} s` });
}

export function slowFilesError(ms: number): PlumblineError {
  return new PlumblineError("PL-RENDER-TIMEOUT", {
    message: `finding and reading its files took longer than ${ms / 1000} s`,
  });
}

export function startError(ms: number): PlumblineError {
  return deathError({ reason: "fault", message: `it had not started after ${ms / 1000} s` });
}

export function deathError({ reason, message }: Death): PlumblineError {
  if (reason === "memory") {
    return new PlumblineError("PL-RENDER-MEMORY", { message: "rendering took more memory than it may" });
  }
  if (reason === "stack") {
    return new PlumblineError("PL-RENDER-DEPTH", {
      message: "templates include each other more deeply than can be rendered",
    });
  }
  return new PlumblineError("PL-RENDER-FAULT", { message: `the renderer ended while it worked: ${message}` });
}

/** What ends a thread from without. Source: Node.js, "Errors": ERR_WORKER_OUT_OF_MEMORY is its heap's limit. */
export function threadError(error: unknown): PlumblineError {
  const isMemory = error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
  return deathError({ reason: isMemory ? "memory" : "fault", message: String(error) });
}

export function busyError(waiting: number): PlumblineError {
  return new PlumblineError("PL-RENDER-BUSY", { message: `${waiting} renders wait already` });
}

export function tooMuchAskedError(limit: string): PlumblineError {
  return new PlumblineError("PL-RENDER-TOO-LARGE", { message: `it reads more than ${limit}` });
}

/** Why a render ended before its end: as whoever ended it says. */
export function abortError(reason: unknown): PlumblineError {
  if (reason instanceof PlumblineError) return reason;
  return new PlumblineError("PL-PASS-CANCELLED", { message: "the render was ended before its end", cause: reason });
}

/** Bytes that are no module of ours: a build that was cut short, or spoilt on disk. */
export function spoiltError(cause: unknown): PlumblineError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `the renderer that was built cannot be used: ${reason}`;
  const next = "remove its file and run `npm run build:engine` again; plain manifests need no renderer";
  return new PlumblineError("PL-ENGINE-MISSING", { message, next, cause });
}
