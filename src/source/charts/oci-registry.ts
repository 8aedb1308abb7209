import { isLoopbackHost } from "../../kit/loopback-host.ts";
import { parseJson } from "../../kit/parse-json.ts";
import { PlumblineError } from "../../model/index.ts";
import type { Access } from "../access.ts";
import { type ChartGet, type ChartWeb, unreadable, type WholeAnswer } from "./chart-web.ts";
import { isObject, isoOf } from "./index-parse.ts";
import { MAX_MANIFEST_BYTES, MAX_PAGE_BYTES, MAX_TAG_PAGES } from "./limits.ts";
import { type Challenge, type Grant, grantOf, parseChallenge } from "./oci-challenge.ts";

export interface OciRegistryOptions {
  /** For errors. */
  readonly repo: string;
  readonly web: ChartWeb;
  readonly now: () => number;
  /** Asked before each request, so that renewed credentials count. */
  readonly locate: () => Promise<{ readonly access: Access; readonly origin: string }>;
}

/** The archive as a manifest names it. */
export interface ChartLayer {
  /** SHA-256 in hex. */
  readonly digest: string;
  readonly size: number;
  readonly created?: string;
}

type Question = Pick<ChartGet, "operation" | "maxBytes" | "accept"> & { readonly path: string; readonly type?: string };

const MANIFEST_TYPES =
  "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";
/** The second is what Helm wrote before 3.7. Source: Helm, pkg/registry. */
const CHART_TYPES: readonly unknown[] = ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];
/** More is an error to some registries. */
const PAGE_TAGS = 1000;
const EPOCH_END = Number.MAX_SAFE_INTEGER;

/** Reads charts from one registry. Source: OCI distribution specification; the distribution project, "Token Authentication". */
export class OciRegistry {
  readonly #options: OciRegistryOptions;
  /** By the registry's repository. */
  readonly #grants = new Map<string, Grant>();

  constructor(options: OciRegistryOptions) {
    this.#options = options;
  }

  /** All tags, page by page. Errors: PL-CHART-NOT-FOUND, -DENIED, -UNREACHABLE, -INDEX. */
  async tags(name: string): Promise<string[]> {
    const tags: string[] = [];
    let path: string | undefined = `/v2/${name}/tags/list?n=${PAGE_TAGS}`;
    for (let pages = 0; path !== undefined; pages++) {
      if (pages >= MAX_TAG_PAGES) throw this.#unreadable(`the list of tags does not end after ${pages} pages`);
      const answer = await this.#get(name, { path, operation: "tags", maxBytes: MAX_PAGE_BYTES });
      tags.push(...this.#tagsIn(answer));
      path = this.#nextPage(answer);
    }
    return tags;
  }

  /** Where the tag's archive is; undefined when there is no such tag. Errors: PL-CHART-INDEX for what is no chart. */
  async layer(name: string, tag: string): Promise<ChartLayer | undefined> {
    const answer = await this.#get(name, {
      path: `/v2/${name}/manifests/${tag}`,
      operation: "manifest",
      maxBytes: MAX_MANIFEST_BYTES,
      accept: [404],
      type: MANIFEST_TYPES,
    });
    if (answer.status === 404) return undefined;
    const layer = layerOf(parseJson(answer.body.toString("utf8")));
    if (layer === undefined) throw this.#unreadable(`${name}:${tag} is no chart`);
    return layer;
  }

  /** Not yet compared with its digest. Errors: PL-CHART-TOO-LARGE. */
  async blob(
    name: string,
    { digest, size }: Pick<ChartLayer, "digest" | "size">,
    maxBytes: number,
  ): Promise<Uint8Array> {
    if (size > maxBytes) {
      const message = `the archive has ${size} bytes; at most ${maxBytes} are read`;
      throw new PlumblineError("PL-CHART-TOO-LARGE", { message, where: this.#options.repo });
    }
    return (await this.#get(name, { path: `/v2/${name}/blobs/sha256:${digest}`, operation: "archive", maxBytes })).body;
  }

  /** Asks as it was let in last, or without credentials; when that is refused, once more with what the refusal asks for. */
  async #get(name: string, question: Question): Promise<WholeAnswer> {
    const { access, origin } = await this.#options.locate();
    const held = this.#grants.get(name);
    const grant = held !== undefined && held.until > this.#options.now() ? held : undefined;
    const first = await this.#ask(question, { access, origin, grant });
    if (first.status !== 401) return first;
    const fresh = first.url.origin === origin ? await this.#letIn(first, access) : undefined;
    if (fresh === undefined) throw this.#denied("the registry asks for credentials");
    this.#grants.set(name, fresh);
    const second = await this.#ask(question, { access, origin, grant: fresh });
    if (second.status !== 401) return second;
    this.#grants.delete(name);
    throw this.#denied("the registry does not take the credentials");
  }

  async #ask(
    { path, type, accept = [], ...rest }: Question,
    { access: { ca }, origin, grant }: { access: Access; origin: string; grant: Grant | undefined },
  ): Promise<WholeAnswer> {
    const { repo, web } = this.#options;
    const authorization = grant?.authorization;
    const access = { ...(ca === undefined ? {} : { ca }), ...(authorization === undefined ? {} : { authorization }) };
    const headers = type === undefined ? {} : { accept: type };
    const url = new URL(origin + path);
    return web.get({ ...rest, repo, url, access, trustedOrigin: origin, headers, accept: [401, ...accept] });
  }

  async #letIn(refusal: WholeAnswer, access: Access): Promise<Grant | undefined> {
    const challenge = parseChallenge(refusal.header("www-authenticate"));
    const own = access.authorization;
    if (challenge === undefined) return undefined;
    if (challenge.scheme === "bearer" && own?.startsWith("Bearer ") !== true) return this.#token(challenge, access);
    // A token of the settings is the registry's own; a user and password are what Basic asks for.
    return own === undefined ? undefined : { authorization: own, until: EPOCH_END };
  }

  /** Errors: PL-CHART-DENIED, PL-CHART-INDEX. */
  async #token(challenge: Challenge & { scheme: "bearer" }, access: Access): Promise<Grant> {
    const { repo, web, now } = this.#options;
    const url = this.#realm(challenge);
    const ca = (await web.accessElsewhere(url, access)).ca;
    const answer = await web.get({
      repo,
      operation: "token",
      url,
      access: { ...access, ...(ca === undefined ? {} : { ca }) },
      trustedOrigin: url.origin,
      maxBytes: MAX_PAGE_BYTES,
    });
    const grant = grantOf(answer.body.toString("utf8"), now());
    if (grant === undefined) throw this.#unreadable(`${url.origin} gives no token`);
    return grant;
  }

  /** User and password go there: only over https, or where nobody listens in. */
  #realm({ realm, service, scope }: Challenge & { scheme: "bearer" }): URL {
    const url = URL.canParse(realm) ? new URL(realm) : undefined;
    const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.host));
    if (url === undefined || !safe) throw this.#denied("the registry gives out its tokens at a URL that is not https");
    if (service !== undefined) url.searchParams.set("service", service);
    for (const one of scope?.split(" ") ?? []) url.searchParams.append("scope", one);
    return url;
  }

  #tagsIn({ body }: WholeAnswer): string[] {
    const answer = parseJson(body.toString("utf8"));
    const tags = isObject(answer) ? (answer["tags"] ?? []) : undefined;
    if (!Array.isArray(tags)) throw this.#unreadable("the list of tags is none");
    return tags.filter((one) => typeof one === "string");
  }

  /** Of the same registry, or none. Source: RFC 8288. */
  #nextPage({ url, header }: WholeAnswer): string | undefined {
    const link = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(header("link"))?.[1];
    if (link === undefined) return undefined;
    const next = URL.canParse(link, url.href) ? new URL(link, url) : undefined;
    if (next?.origin !== url.origin) throw this.#unreadable("the list of tags goes on at another server");
    return next.pathname + next.search;
  }

  #unreadable(message: string): PlumblineError {
    return unreadable(this.#options.repo, message);
  }

  #denied(message: string): PlumblineError {
    return new PlumblineError("PL-CHART-DENIED", { message, where: this.#options.repo });
  }
}

function layerOf(manifest: unknown): ChartLayer | undefined {
  if (!isObject(manifest) || !Array.isArray(manifest["layers"])) return undefined;
  const layer: unknown = manifest["layers"].find((one) => isObject(one) && CHART_TYPES.includes(one["mediaType"]));
  if (!isObject(layer)) return undefined;
  const { digest, size } = layer;
  const hex = typeof digest === "string" ? /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1] : undefined;
  if (hex === undefined || typeof size !== "number") return undefined;
  const notes = isObject(manifest["annotations"]) ? manifest["annotations"] : {};
  const created = notes["org.opencontainers.image.created"];
  const known = typeof created === "string" && !Number.isNaN(Date.parse(created));
  return { digest: hex, size, ...(known ? { created: isoOf(created) } : {}) };
}
