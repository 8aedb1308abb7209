import { PlumblineError } from "../model/index.ts";
import type { Snapshot, SourceStore } from "./types.ts";

export interface RemoteSourcesOptions {
  readonly store: SourceStore;
  /** URLs, or beginnings of URLs that end in a slash. Nothing else is fetched. */
  readonly allowed: readonly string[];
  readonly now?: () => number;
}

/** What manifests of one repository fetch from elsewhere: bases of kustomizations, files, schemas. */
export interface RemoteSources {
  /** The newest commit of a ref. Errors: PL-RENDER-REMOTE where the URL is not allowed, PL-GIT-*. */
  clone(wanted: { readonly url: string; readonly ref: string }): Promise<{ tree: Snapshot; revision: string }>;
  /** The content at a URL. Errors: PL-RENDER-REMOTE, PL-GIT-*. */
  get(url: string): Promise<Uint8Array>;
}

/** A ref of elsewhere is asked for again after this time. */
const FRESH_MS = 60_000;

/** Fetches for renders, under an allow list: whoever may commit could otherwise have this process ask any server it reaches. */
export function createRemoteSources({ store, allowed, now = Date.now }: RemoteSourcesOptions): RemoteSources {
  const polled = new Map<string, number>();
  return {
    async clone({ url, ref }) {
      const repo = requireAllowed(url, allowed);
      const age = now() - (polled.get(repo) ?? 0);
      // Less than nothing: the clock was set back.
      if (age < 0 || age > FRESH_MS) {
        // Nobody polls it by the clock, so what another replica knows of it may be of any age.
        await store.poll(repo, { withinMs: polled.has(repo) ? FRESH_MS : 0 });
        polled.set(repo, now());
      }
      const resolution = await store.resolve({ repo, ref: ref === "" ? "HEAD" : ref });
      return { tree: await store.snapshot({ repo, path: "." }, resolution), revision: resolution.revision };
    },
    async get(url) {
      return await store.download(requireAllowed(url, allowed));
    },
  };
}

function requireAllowed(url: string, allowed: readonly string[]): string {
  const spelled = URL.canParse(url) ? new URL(url).href : url;
  if (/^https?:/.test(spelled) && allowed.some((one) => covers(one, spelled))) return url;
  const next = `start Plumbline with --remote-sources naming ${spelled}, or the part of it up to a slash; or commit the files themselves`;
  throw new PlumblineError("PL-RENDER-REMOTE", { message: `${spelled} may not be fetched`, next });
}

function covers(prefix: string, href: string): boolean {
  if (!URL.canParse(prefix)) return false;
  const spelled = new URL(prefix).href;
  return spelled.endsWith("/") ? href.startsWith(spelled) : href === spelled;
}
