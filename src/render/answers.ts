import { hashJson, sha256 } from "../kit/hash.ts";
import { forEachLimited } from "../kit/pool.ts";
import { type JsonObject, PlumblineError, toProblem } from "../model/index.ts";
import builtInVersions from "./built-in-versions.json" with { type: "json" };
import { type Found, homePath, type Mounts, type Tree, withoutMounts } from "./mounts.ts";
import type { Question, Reply } from "./wasm/protocol.ts";

/** What a render may need beside the application's files. What is left out is refused, with the reason. */
export interface Resources {
  /** An archive of a chart of a Helm repository or registry. Errors: PL-CHART-*. */
  readonly chart?: (wanted: {
    repo: string;
    chart: string;
    version: string;
  }) => Promise<{ bytes: Uint8Array; digest: string }>;
  /** A Git repository of elsewhere, at a ref. Errors: PL-RENDER-REMOTE, PL-GIT-*. */
  readonly clone?: (wanted: { url: string; ref: string }) => Promise<{ tree: Tree; revision: string }>;
  /** The content at a URL. Errors: PL-RENDER-REMOTE and those of fetching. */
  readonly get?: (url: string) => Promise<Uint8Array>;
  /** Of the destination. Offline those that Kubernetes itself has. */
  readonly capabilities?: () => Promise<Capabilities>;
  /** A live object, a list where name is "", undefined where there is none. Offline every lookup finds nothing. */
  readonly lookup?: (wanted: Lookup) => Promise<JsonObject | undefined>;
}

/** What Helm knows of a cluster. */
export interface Capabilities {
  /** "v1.36.3" */
  readonly kubeVersion: string;
  /** `group/version` and `group/version/Kind`. */
  readonly apiVersions: readonly string[];
}

/** What Helm takes where there is no cluster: the versions of the client library that it is built with. */
const BUILT_IN: Capabilities = builtInVersions;

export interface Lookup {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A question whose answer the render depends on beside the files below its own path. */
export interface Dependency {
  readonly question: Question;
  readonly identity: string;
}

const NONE: Found = { identity: "none", reply: () => ({ missing: true }) };

/** The list is long, and the same object for as long as it is the same. */
const hashes = new WeakMap<readonly string[], string>();

function capabilitiesHash({ kubeVersion, apiVersions }: Capabilities): string {
  const known = hashes.get(apiVersions) ?? hashJson(apiVersions);
  hashes.set(apiVersions, known);
  return `${kubeVersion} ${known}`;
}

/** Files read at once. */
const READERS = 8;
/** Lookups in one render. */
const MAX_LOOKUPS = 1000;

/** Answers the engine's questions for one render, and remembers what was asked. */
export class Answers {
  readonly #mounts: Mounts;
  readonly #resources: Resources;
  /** The render's own path, whose files its key covers. */
  readonly #own: string;
  readonly #dependencies = new Map<string, Dependency>();
  #lookups = 0;
  #clones = 0;

  constructor({ mounts, resources, path }: { mounts: Mounts; resources: Resources; path: string }) {
    this.#mounts = mounts;
    this.#resources = resources;
    this.#own = path;
  }

  get dependencies(): readonly Dependency[] {
    return [...this.#dependencies.values()];
  }

  /** Those of questions, as JSON, that were really asked. */
  dependenciesAmong(asked: readonly string[]): readonly Dependency[] {
    return asked.flatMap((question) => this.#dependencies.get(question) ?? []);
  }

  /** The replies to questions that are expected, until they have so many bytes. */
  async ahead(questions: readonly string[], mostBytes: number): Promise<readonly (readonly [string, Reply])[]> {
    const told: (readonly [string, Reply])[] = [];
    let bytes = 0;
    await forEachLimited(questions, READERS, async (question) => {
      if (bytes > mostBytes) return;
      const reply = await this.reply(JSON.parse(question));
      bytes += "content" in reply ? reply.content.length : 0;
      told.push([question, reply]);
    });
    return told;
  }

  /** Never throws: what cannot be given is refused. */
  async reply(question: Question): Promise<Reply> {
    try {
      const { reply, identity } = await this.#found(question);
      if (!this.#isOwn(question)) this.#dependencies.set(JSON.stringify(question), { question, identity });
      return await reply();
    } catch (error) {
      return { refused: toProblem(error) };
    }
  }

  /** What this revision has no right to is an answer as well: it may be allowed, or be mended elsewhere, later. */
  async #found(question: Question): Promise<Found> {
    try {
      return await this.find(question);
    } catch (error) {
      if (!(error instanceof PlumblineError) || error.retry !== "revision") throw error;
      return { identity: `refused: ${error.code}`, reply: () => ({ refused: toProblem(error) }) };
    }
  }

  async find(question: Question): Promise<Found> {
    if ("path" in question) return await this.#file(question);
    if (question.op === "capabilities") return await this.#capabilities();
    if (question.op === "lookup") return await this.#lookup(question);
    if (question.op === "chart") return await this.#chart(question);
    return question.op === "clone" ? await this.#clone(question) : await this.#get(question);
  }

  async #file(question: Question & { readonly path: string }): Promise<Found> {
    const found = await this.#mounts.find(question);
    if (found !== undefined) return found;
    const message = `a path leads out of the application's repositories, to ${withoutMounts(question.path)}`;
    throw new PlumblineError("PL-RENDER-OUTSIDE", { message });
  }

  async #capabilities(): Promise<Found> {
    const answer = (await this.#resources.capabilities?.()) ?? BUILT_IN;
    return { identity: capabilitiesHash(answer), reply: () => ({ content: JSON.stringify(answer) }) };
  }

  async #lookup(question: Question & Lookup): Promise<Found> {
    this.#lookups++;
    if (this.#lookups > MAX_LOOKUPS) {
      throw new PlumblineError("PL-RENDER-LOOKUP", { message: `templates look up more than ${MAX_LOOKUPS} objects` });
    }
    const { apiVersion, kind, namespace, name } = question;
    const object = await this.#resources.lookup?.({ apiVersion, kind, namespace, name });
    if (object === undefined) return NONE;
    return { identity: hashJson(object), reply: () => ({ content: JSON.stringify(object) }) };
  }

  async #chart({ repo, chart, version }: Question & { op: "chart" }): Promise<Found> {
    if (this.#resources.chart === undefined) throw unreachable(`chart ${chart} of ${repo}`);
    const { bytes, digest } = await this.#resources.chart({ repo, chart, version });
    return { identity: digest, reply: () => ({ content: bytes }) };
  }

  async #clone({ url, ref }: Question & { op: "clone" }): Promise<Found> {
    if (this.#resources.clone === undefined) throw unreachable(url);
    const { tree, revision } = await this.#resources.clone({ url, ref });
    const mount = this.#mounts.add(`clone-${++this.#clones}`, tree);
    return { identity: revision, reply: () => ({ content: mount }) };
  }

  /** A base in Git is asked for as a file first: only what looks like one is fetched so. */
  async #get({ url }: Question & { op: "get" }): Promise<Found> {
    if (!/\.(ya?ml|json)$/i.test(URL.canParse(url) ? new URL(url).pathname : url)) {
      return NONE;
    }
    if (this.#resources.get === undefined) throw unreachable(url);
    const bytes = await this.#resources.get(url);
    return { identity: sha256(bytes), reply: () => ({ content: bytes }) };
  }

  /** Whether every answer would be the one that it was. */
  async stillTrue(dependencies: readonly Dependency[]): Promise<boolean> {
    for (const { question, identity } of dependencies) {
      if ((await this.#found(question)).identity !== identity) return false;
    }
    return true;
  }

  #isOwn(question: Question): boolean {
    if (!("path" in question)) return false;
    const own = homePath(this.#own);
    return question.path === own || question.path.startsWith(`${own}/`);
  }
}

function unreachable(what: string): PlumblineError {
  return new PlumblineError("PL-RENDER-REMOTE", { message: `${what} is not fetched here` });
}
