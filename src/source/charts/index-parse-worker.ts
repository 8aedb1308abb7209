import { parentPort, workerData } from "node:worker_threads";
import { type IndexJob, parseIndexHere } from "./index-parse.ts";

/** Reads one index off the main thread: YAML of 20 MiB takes more than a second. */
const job: IndexJob = workerData;
parentPort?.postMessage(parseIndexHere(job));
