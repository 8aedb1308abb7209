import { abortable } from "../kit/abortable.ts";
import { hashJson } from "../kit/hash.ts";
import type { Log, SourceSpec } from "../model/index.ts";
import { SILENT } from "../model/index.ts";
import type { Snapshot } from "../source/index.ts";
import { Answers, type Resources } from "./answers.ts";
import { DiskRenders, type DiskRendersOptions } from "./disk-renders.ts";
import { renderByEngine } from "./engine-render.ts";
import { type KeptRender, KeptRenders } from "./kept-renders.ts";
import { kindOf, type RenderKind } from "./kind.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { Mounts } from "./mounts.ts";
import { type Permit, permitted } from "./permit.ts";
import { plainKey, renderPlain } from "./plain.ts";
import type { Release } from "./request.ts";
import type { RenderResult } from "./types.ts";
import type { Engine } from "./wasm/engine.ts";

export interface RendererOptions {
  /** For charts and kustomizations. */
  readonly engine: Engine;
  /** From where what is not in a repository comes. */
  readonly resources?: Pick<Resources, "chart" | "clone" | "get">;
  /** Most bytes of manifests (as JSON, about) that are kept. Default 64 MiB; 0 keeps nothing. */
  readonly cacheBytes?: number;
  /** Renders of charts and kustomizations outlive the process there. */
  readonly disk?: DiskRendersOptions;
  readonly log?: Log;
}

/** What is rendered, and for whom. */
export interface RenderInput {
  readonly snapshot: Snapshot;
  readonly source?: Pick<SourceSpec, "chart" | "render" | "helm" | "kustomize" | "references">;
  /** Snapshots of the whole of each of source.references, by name. */
  readonly references?: ReadonlyMap<string, Snapshot>;
  readonly release: Release;
  /** Of the destination; without them a chart sees no cluster. */
  readonly cluster?: Pick<Resources, "capabilities" | "lookup">;
  /** Default: whatever the resources give. */
  readonly permit?: Permit;
}

export interface Renderer {
  /**
   * The manifests, out of memory or from disk where the same was rendered before. Ends early for this caller alone when `signal` says so.
   * Errors: PL-ENGINE-MISSING, PL-RENDER-FAULT and whatever another try may mend; what only a new revision mends is in the result.
   */
  render(input: RenderInput, signal?: AbortSignal): Promise<RenderResult>;
}

/** Questions of one render, and renders, whose questions are remembered. */
const MAX_EXPECTED = 500;
const MAX_EXPECTING = 2000;
const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

/** Renders each state of a path once, however many ask at once, and keeps the results that were asked for last. */
export function createRenderer(options: RendererOptions): Renderer {
  return new CachingRenderer(options);
}

/** A render that is asked for: its key, and how its answers are found. */
interface Asked {
  readonly input: RenderInput;
  readonly kind: RenderKind;
  readonly key: string;
  /** Same place, same files everywhere: what depends on files alone needs no second look. */
  readonly place: string;
}

class CachingRenderer implements Renderer {
  readonly #options: RendererOptions;
  readonly #kept: KeptRenders;
  readonly #disk: DiskRenders | undefined;
  /** What the engine asked last, by repository and path. */
  readonly #expected = new Map<string, readonly string[]>();
  readonly #running = new Map<string, Promise<RenderResult>>();

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#kept = new KeptRenders(options.cacheBytes ?? DEFAULT_CACHE_BYTES);
    this.#disk = options.disk === undefined ? undefined : new DiskRenders(options.disk);
  }

  async render(input: RenderInput, signal?: AbortSignal): Promise<RenderResult> {
    signal?.throwIfAborted();
    const { snapshot, source = {} } = input;
    const kind = await kindOf(snapshot, snapshot.path, source);
    const key = kind === "plain" ? plainKey(snapshot) : await this.#keyOf(kind, input);
    const asked = { input, kind, key, place: placeOf(input) };
    const result = (await this.#standing(asked)) ?? (await abortable(this.#shared(asked), signal));
    return withOrigin(result, snapshot);
  }

  /** Everything but what the answers to questions say: those are looked at again each time that may have changed them. */
  async #keyOf(kind: RenderKind, { snapshot, source = {}, release, permit }: RenderInput): Promise<string> {
    const { helm, kustomize } = source;
    const own = { ...(kind === "helm" ? { helm } : { kustomize }), release, permit: permit?.key };
    return `${kind}/${await this.#options.engine.version()}:${hashJson([snapshot.path, snapshot.key, own])}`;
  }

  async #standing(asked: Asked): Promise<RenderResult | undefined> {
    const { key, place } = asked;
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    const moving =
      kept.standsAt === place ? kept.dependencies.filter(({ question }) => MOVING.has(question.op)) : kept.dependencies;
    if (
      moving.length > 0 &&
      !(await this.#stillTrue(asked, moving === kept.dependencies ? moving : withClones(kept, moving)))
    )
      return undefined;
    kept.standsAt = place;
    return kept.result;
  }

  async #stillTrue({ input }: Asked, dependencies: KeptRender["dependencies"]): Promise<boolean> {
    const { snapshot, references = new Map() } = input;
    const mounts = new Mounts(snapshot, references);
    const answers = new Answers({ mounts, resources: this.#resources(input), path: snapshot.path });
    return await answers.stillTrue(dependencies);
  }

  /** Whoever asks while it is rendered waits for the same. */
  #shared(asked: Asked): Promise<RenderResult> {
    const name = `${asked.key} ${asked.place}`;
    const running = this.#running.get(name);
    if (running !== undefined) return running;
    const work = this.#fresh(asked).finally(() => this.#running.delete(name));
    this.#running.set(name, work);
    return work;
  }

  async #fresh(asked: Asked): Promise<RenderResult> {
    const { key, kind, place } = asked;
    const fromDisk = kind === "plain" ? undefined : await this.#disk?.get(key);
    if (fromDisk !== undefined && (await this.#stillTrue(asked, fromDisk.dependencies))) {
      this.#kept.add(key, fromDisk, place);
      return fromDisk.result;
    }
    const made = kind === "plain" ? await plain(asked) : await this.#byEngine(asked, kind);
    this.#kept.add(key, made, place);
    if (kind !== "plain") await this.#keepOnDisk(key, made);
    return made.result;
  }

  async #byEngine({ input, key }: Asked, kind: "helm" | "kustomize"): Promise<KeptRender> {
    const { snapshot, source = {}, references = new Map(), release } = input;
    const { repo, revision, path } = snapshot;
    const archive = source.chart === undefined ? undefined : (await snapshot.files())[0]?.path;
    const { dependencies, asked, ...made } = await renderByEngine({
      engine: this.#options.engine,
      home: snapshot,
      references,
      resources: this.#resources(input),
      source,
      release,
      output: { kind, repo, revision, path: archive ?? path, limits: DEFAULT_LIMITS },
      expected: this.#expected.get(`${repo} ${path}`) ?? [],
    });
    this.#expect(`${repo} ${path}`, asked);
    const answers = hashJson(dependencies.map(({ identity }) => identity));
    return { result: { ...made, key: `${key}:${answers}` }, dependencies };
  }

  /** Only questions for files: others may cost a request. */
  #expect(path: string, asked: readonly string[]): void {
    const files = asked.filter((question) => /^\{"op":"(stat|read|names)","path":"\/@\//.test(question));
    this.#expected.delete(path);
    if (files.length > MAX_EXPECTED) return;
    this.#expected.set(path, files);
    for (const oldest of this.#expected.keys()) {
      if (this.#expected.size <= MAX_EXPECTING) return;
      this.#expected.delete(oldest);
    }
  }

  #resources({ cluster = {}, permit }: RenderInput): Resources {
    return { ...permitted(this.#options.resources ?? {}, permit), ...cluster };
  }

  /**
   * Live objects may be secrets, and are another's tomorrow: what was looked up stays in memory. So does what went wrong: limits and
   * what may be fetched are the process's own, and the next one may have others.
   */
  async #keepOnDisk(key: string, made: KeptRender): Promise<void> {
    if (made.result.problems.length > 0) return;
    if (made.dependencies.some(({ question }) => question.op === "lookup")) return;
    try {
      await this.#disk?.add(key, made);
    } catch (error) {
      (this.#options.log ?? SILENT).warn(
        { err: error },
        "a render could not be kept on disk; a restart renders it anew",
      );
    }
  }
}

/** Answers that may be others although no commit came. */
const MOVING: ReadonlySet<string> = new Set(["lookup", "clone", "capabilities"]);

/** Paths in a clone are found only after it was asked for, in the same order. */
function withClones({ dependencies }: KeptRender, moving: KeptRender["dependencies"]): KeptRender["dependencies"] {
  return moving.some(({ question }) => question.op === "clone") ? dependencies : moving;
}

function placeOf({ snapshot, references = new Map() }: RenderInput): string {
  const others = [...references].map(([name, { repo, revision }]) => [name, repo, revision]);
  return hashJson([snapshot.repo, snapshot.revision, others]);
}

async function plain({ input }: Asked): Promise<KeptRender> {
  return { result: await renderPlain(input.snapshot), dependencies: [] };
}

/** The same files in another commit, or another repository: only the origins say where they were read. */
function withOrigin(result: RenderResult, { repo, revision }: Snapshot): RenderResult {
  const first = result.manifests[0]?.origin;
  if (first === undefined || (first.repo === repo && first.revision === revision)) return result;
  const manifests = result.manifests.map((manifest) => ({
    ...manifest,
    origin: { ...manifest.origin, repo, revision },
  }));
  return { ...result, manifests };
}
