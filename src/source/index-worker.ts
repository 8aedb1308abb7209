import { parentPort, workerData } from "node:worker_threads";
import { type IndexJob, indexHere } from "./pack-index.ts";

/** Indexes one pack off the main thread, as isomorphic-git inflates and hashes every object of it without a pause. */
const job: IndexJob = workerData;
parentPort?.postMessage(await indexHere(job));
