import type { Manifest, Problem } from "../model/index.ts";

/** Bounds of what is read. Beyond them a file or an application is an error, never cut off. */
export interface RenderLimits {
  /** Of one file. */
  readonly fileBytes: number;
  /** Of one YAML document, or a whole file of JSON. The API server takes 3 MiB a request, and etcd 1.5 MiB an object. */
  readonly documentBytes: number;
  /** Of all files of an application together. */
  readonly totalBytes: number;
  /** Of a file, and of an application; items of lists count too. Separators are counted, so empty documents are too. */
  readonly documents: number;
  /** Mappings and sequences inside each other, those that come through aliases included. */
  readonly depth: number;
  /** Aliases (`*name`) in one document. */
  readonly aliases: number;
  /** Values that the aliases of one file stand for, all told. */
  readonly nodes: number;
}

/** Either problems is empty and manifests is everything the path says, or nothing may be applied or pruned. */
export interface RenderResult {
  readonly manifests: readonly Manifest[];
  /** Every problem of every file, not only the first. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Same key, same manifests: path, tree, renderer and its version. */
  readonly key: string;
  /** What a chart tells its user, from NOTES.txt. */
  readonly notes?: string;
}

export interface DecodeInput {
  readonly bytes: Uint8Array;
  /** As the author names it: from the root of the repository. */
  readonly file: string;
  readonly repo: string;
  readonly revision: string;
  readonly limits: RenderLimits;
  /** A key given twice is a warning, and the later one counts, as for kubectl: what a template makes is not its user's to correct. Default false. */
  readonly lenient?: boolean;
}

/** What one file says. Manifests of sound documents are there even when others have problems: whoever applies looks at problems first. */
export interface Decoded {
  readonly manifests: Manifest[];
  readonly problems: Problem[];
  readonly warnings: string[];
}

/** What an engine's texts are taken for. */
export interface OutputOptions {
  readonly kind: "helm" | "kustomize";
  readonly repo: string;
  readonly revision: string;
  readonly path: string;
  readonly limits: RenderLimits;
}

/** What an engine's texts gave. */
export interface Made {
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}
