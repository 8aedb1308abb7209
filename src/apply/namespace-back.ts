import { sleep } from "../kit/sleep.ts";
import {
  isJsonObject,
  type KubeObject,
  type LiveObject,
  type PlumblineError,
  type Ref,
  refKey,
} from "../model/index.ts";
import { namespaceObject } from "./namespace-object.ts";
import { applyMetadata } from "./namespaces.ts";
import { patiently, withWords } from "./patience.ts";
import { endOf } from "./told-wait.ts";
import type { Run } from "./types.ts";

const LOOK_AGAIN_MS = 250;

interface Asking {
  readonly say: (message: string) => void;
  /** What the server said of the write that needs the namespace. */
  readonly error: PlumblineError;
}

/** Of one run: each namespace is looked at by one, however many objects wait for it. */
const LOOKING = new WeakMap<Run, Map<string, Looking>>();

interface Looking {
  /** What it waits for now. */
  message: string;
  readonly back: Promise<boolean>;
}

/**
 * Waits until a namespace that is being deleted is gone, and makes it anew where that is ours to do (it is in Git, or spec.destination.createNamespace says
 * so); else until somebody has made it. False: it is nobody's to wait for. Errors: `error`, with what the namespace still waits for, at the end.
 */
export async function namespaceBack(run: Run, name: string, { say, error }: Asking): Promise<boolean> {
  const all = LOOKING.get(run) ?? new Map<string, Looking>();
  LOOKING.set(run, all);
  const known = all.get(name);
  const looking = known ?? {
    message: `waits for Namespace ${name}, which is being deleted`,
    back: Promise.resolve(false),
  };
  if (known === undefined) {
    const back = makeBack(run, name, looking).finally(() => all.delete(name));
    Object.assign(looking, { back });
    all.set(name, looking);
  }
  const timer = setInterval(() => say(looking.message), LOOK_AGAIN_MS).unref();
  say(looking.message);
  try {
    return await looking.back;
  } catch (cause) {
    if (!endOf(run).aborted) throw cause;
    throw withWords(error, looking.message);
  } finally {
    clearInterval(timer);
  }
}

async function makeBack(run: Run, name: string, looking: Looking): Promise<boolean> {
  const ours = ourNamespace(run, name);
  const ref: Ref = { group: "", version: "v1", kind: "Namespace", name };
  for (let wasThere = false; ; ) {
    const live = await patiently(run.signal, () => run.cluster.get(ref, run.signal));
    if (live !== undefined && live.metadata.deletionTimestamp === undefined) return true;
    if (live === undefined && ours !== undefined) {
      const metadata = run.plan.namespaces?.find(
        (one) => one.name === name && Object.keys({ ...one.labels, ...one.annotations }).length > 0,
      );
      if (metadata !== undefined) await applyMetadata(run, metadata);
      await patiently(run.signal, () => run.cluster.apply(ours, { signal: run.signal }));
      return true;
    }
    // Nobody deletes it, and nobody of ours makes it: that is no matter of waiting.
    if (live === undefined && !wasThere) return false;
    wasThere = true;
    looking.message = live === undefined ? `waits for Namespace ${name} to be made anew` : leavingSentence(name, live);
    await sleep(LOOK_AGAIN_MS, endOf(run));
  }
}

function ourNamespace({ plan, objects }: Run, name: string): KubeObject | undefined {
  return (
    objects.get(refKey({ group: "", kind: "Namespace", name })) ??
    (plan.ensureNamespace === name ? namespaceObject(name) : undefined)
  );
}

/** With what the server says is still in it. */
function leavingSentence(name: string, { status }: LiveObject): string {
  const conditions = isJsonObject(status) && Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const remaining = conditions
    .filter(isJsonObject)
    .filter(({ type, status: is }) => REMAINING.has(String(type)) && is === "True");
  const said = remaining.map(({ message }) => String(message)).join("; ");
  return `waits for Namespace ${name} to be gone${said === "" ? "" : `: ${said}`}`;
}

const REMAINING: ReadonlySet<string> = new Set(["NamespaceContentRemaining", "NamespaceFinalizersRemaining"]);
