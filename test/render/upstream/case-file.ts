import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { HelmSourceSchema, KustomizeSourceSchema } from "../../../src/model/index.ts";

const closed = { additionalProperties: false } as const;

const CaseSchema = Type.Object(
  {
    /** The feature, in one sentence: the test's name. */
    what: Type.String({ minLength: 10 }),
    /** The chart or kustomization, from `repo/`. */
    path: Type.String(),
    /** Of the release. */
    name: Type.Optional(Type.String()),
    namespace: Type.Optional(Type.String()),
    source: Type.Optional(
      Type.Object({ helm: Type.Optional(HelmSourceSchema), kustomize: Type.Optional(KustomizeSourceSchema) }, closed),
    ),
    /** Other repositories for `$name/…`: their folders, beside `repo/`. */
    references: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** Archives that are made before the run: where each goes in `repo/`, and the folder of its chart beside `repo/`. */
    archives: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** More arguments for the upstream program, where the source does not say it. */
    upstream: Type.Optional(Type.Array(Type.String())),
    /** Upstream is asked after `helm dependency update`: what we fetch ourselves people have to do by hand there. */
    updates: Type.Optional(Type.Boolean()),
    /** Neither side may give anything. */
    fails: Type.Optional(Type.Boolean()),
    /** Of our problem, when it fails. */
    code: Type.Optional(Type.String({ pattern: "^PL-" })),
    /** A notice with this text comes from upstream, and as a warning from us. */
    warns: Type.Optional(Type.String()),
    /** What must stand in upstream's output, or in its error when it fails, so that a case goes on showing what it is for. */
    shows: Type.Optional(Type.Array(Type.String())),
  },
  closed,
);

type CaseFile = Static<typeof CaseSchema>;
type Optional = "code" | "warns";

/** A case as its file says it, with every default filled in. */
export interface RenderCase extends Required<Omit<CaseFile, Optional>>, Pick<CaseFile, Optional> {
  readonly engine: Engine;
  /** As "helm/plain-chart". */
  readonly id: string;
  readonly folder: string;
}

export type Engine = "helm" | "kustomize";

const CASES = join(import.meta.dirname, "../cases");

/** All cases of an engine, by name. Throws where a case.yaml does not fit its schema. */
export function readCases(engine: Engine): RenderCase[] {
  const names = readdirSync(join(CASES, engine)).sort();
  return names
    .filter((name) => existsSync(join(CASES, engine, name, "case.yaml")))
    .map((name) => readCase(engine, name));
}

function readCase(engine: Engine, name: string): RenderCase {
  const folder = join(CASES, engine, name);
  const read = load(readFileSync(join(folder, "case.yaml"), "utf8"));
  if (!Value.Check(CaseSchema, read)) {
    const [first] = Value.Errors(CaseSchema, read);
    throw new Error(`${engine}/${name}/case.yaml: ${first?.instancePath} ${first?.message}`);
  }
  return completed(read, { engine, id: `${engine}/${name}`, folder });
}

function completed(read: CaseFile, where: Pick<RenderCase, "engine" | "id" | "folder">): RenderCase {
  const { name = "shop", namespace = "team-a", source = {}, references = {}, archives = {} } = read;
  const { upstream = [], updates = false, fails = false, shows = [] } = read;
  return { ...read, name, namespace, source, references, archives, upstream, updates, fails, shows, ...where };
}
