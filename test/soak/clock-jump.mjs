/**
 * Loaded by NODE_OPTIONS=--import before anything else: the wall clock of this process is off by the milliseconds in the file that
 * SOAK_CLOCK names, read at the start and at each SIGUSR2. Timers and performance.now() go on as they do when a real clock is set.
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.SOAK_CLOCK;
const Real = Date;
let offset = 0;

function read() {
  offset = Number(readFileSync(file, "utf8"));
}

if (file !== undefined) {
  read();
  if (isMainThread) process.on("SIGUSR2", read);
  const now = () => Real.now() + offset;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Real(now()).toString(),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
}
