import { PlumblineError } from "../../model/index.ts";
import type { Death } from "./protocol.ts";

export function timeoutError(deadlineMs: number): PlumblineError {
  return new PlumblineError("PL-RENDER-TIMEOUT", { message: `rendering took longer than ${deadlineMs / 1000} s` });
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

export function busyError(waiting: number): PlumblineError {
  return new PlumblineError("PL-RENDER-BUSY", { message: `${waiting} renders wait already` });
}
