import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { chanceWarnings } from "../chance.ts";
import { manifestsOfAnswer } from "../outputs.ts";
import type { Made } from "../types.ts";
import { EngineInstance } from "./instance.ts";
import type { Death, FromWorker, Job, Notice, Question, Rendered, Reply, WorkerData } from "./protocol.ts";
import { SentFiles } from "./sent-files.ts";

/**
 * The thread in which one instance of the engine lives. Renders one job after the other; what the engine asks for and did not come
 * with the job is asked of the main thread, which this one waits for.
 */
const { module, questions, answered }: WorkerData = workerData;
/** Notices of one render beyond this are of no use to anybody. */
const MAX_NOTICES = 100;
/** A day and an hour: more than any date format hides. */
const LATER = 90_000_000_000_000n;

let notices: Notice[] = [];
/** The first line in which Go's runtime says why it gives up. */
let fatal: string | undefined;
let lastFile: string | undefined;
let sent = new SentFiles([], []);
/** What the main thread said in this job already: the same question has the same answer until the job's end. */
let told = new Map<string, Reply>();
let asked = new Set<string>();
/** Of the answers in `told`, beside small ones: what is read once more is asked once more, rather than that all of it is kept. */
let keptBytes = 0;
const MAX_KEPT_BYTES = 16 * 2 ** 20;
const SMALL = 4096;

function ask(question: Question): Reply {
  if ("path" in question) {
    if (question.op === "read") lastFile = question.path;
    const here = sent.answer(question);
    if (here !== undefined) return here;
  }
  const key = JSON.stringify(question);
  asked.add(key);
  const known = told.get(key);
  if (known !== undefined) return known;
  const reply = askMainThread(question);
  const bytes = "content" in reply ? reply.content.length : 0;
  keptBytes += bytes;
  if (bytes < SMALL || keptBytes < MAX_KEPT_BYTES) told.set(key, reply);
  return reply;
}

function askMainThread(question: Question): Reply {
  Atomics.store(answered, 0, 0);
  questions.postMessage(question);
  Atomics.wait(answered, 0, 0);
  const received: { message: Reply } | undefined = receiveMessageOnPort(questions);
  if (received === undefined) throw new Error("the main thread gave no answer");
  return received.message;
}

function onLine(line: string): void {
  if (line.trim() === "") return;
  if (/^(fatal error|runtime): /.test(line)) fatal ??= line;
  if (notices.length < MAX_NOTICES) notices.push(lastFile === undefined ? { line } : { line, file: lastFile });
}

/** Twice where chance or the clock had a say: what is another then can never be in sync. */
function rendered(instance: EngineInstance, { request, output }: Job): Rendered {
  const { wasi } = instance;
  wasi.ahead = 0n;
  wasi.volatile = false;
  const answer = instance.render(request);
  const said = notices;
  const isVolatile = wasi.volatile || answer.volatile === true;
  const first = { notices: said, asked: [...asked], notes: answer.notes ?? "", isSpoilt: answer.spoilt === true };
  if (answer.failure !== undefined) return { ...first, failure: answer.failure, made: NOTHING };
  const made = manifestsOfAnswer(answer, output);
  if (!isVolatile) return { ...first, made };
  wasi.ahead = LATER;
  notices = [];
  const again = instance.render(request);
  const chance = chanceWarnings(made.manifests, manifestsOfAnswer(again, output).manifests);
  const isSpoilt = again.spoilt === true;
  return { ...first, isSpoilt, asked: [...asked], made: { ...made, warnings: [...made.warnings, ...chance] } };
}

const NOTHING: Made = { manifests: [], problems: [], warnings: [] };

/** Go's runtime ends with a trap, whatever the reason, and has no other way to tell it than the line before. */
function deathOf(error: unknown, isFull = false): Death {
  if (error instanceof RangeError) return { reason: "stack", message: error.message };
  const message = fatal ?? (error instanceof Error ? error.message : String(error));
  // At its ceiling the runtime may also trip over its own bookkeeping, and says something else then.
  if (isFull || /out of memory|cannot allocate/.test(message)) return { reason: "memory", message };
  return { reason: /stack exceeds|stack overflow/.test(message) ? "stack" : "fault", message };
}

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function start(): EngineInstance | undefined {
  try {
    return new EngineInstance(module, { ask, onLine });
  } catch (error) {
    say({ type: "died", death: deathOf(error) });
    return undefined;
  }
}

const instance = start();
if (instance !== undefined) say({ type: "ready" });

parentPort?.on("message", (job: Job) => {
  if (instance === undefined) return;
  notices = [];
  fatal = undefined;
  lastFile = undefined;
  told = new Map(job.told);
  asked = new Set();
  keptBytes = 0;
  sent = new SentFiles(job.whole, job.files);
  try {
    say({ type: "rendered", rendered: rendered(instance, job), memoryBytes: instance.memoryBytes });
  } catch (error) {
    say({ type: "died", death: deathOf(error, instance.isFull) });
  } finally {
    sent = new SentFiles([], []);
    told = new Map();
  }
});
