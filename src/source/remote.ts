import { PlumblineError } from "../model/index.ts";
import type { Access } from "./access.ts";
import type { Connections, HttpAnswer } from "./connections.ts";
import { corrupt, DELIMITER, FLUSH, pktLine, readPktLines } from "./pkt-line.ts";
import { parseAdvertisedRefs, parseListedRef, type ServerRef } from "./server-ref.ts";
import { GIT_CODES } from "./transport-error.ts";

export interface RemoteOptions {
  readonly repo: string;
  readonly url: URL;
  readonly connections: Connections;
  readonly access: () => Promise<Access>;
  readonly timeoutMs: number;
  /** Ends every request. */
  readonly closed: AbortSignal;
}

export interface PackRequest {
  readonly want: string;
  /** Commits that are here already, each with its whole tree and none of its parents. */
  readonly haves: readonly string[];
}

/** The commits that one commit has and another lacks. */
export interface HistoryRequest {
  readonly tip: string;
  readonly without: string;
}

const MAX_REFS_BYTES = 64 * 2 ** 20;
const MAX_PACK_BYTES = 2 ** 30;
/** Of a pack that is wanted for its commits alone; where the server cannot leave out the files, these come, too. */
const MAX_HISTORY_BYTES = 64 * 2 ** 20;
const SERVICE = "/info/refs?service=git-upload-pack";

/**
 * Speaks Git's smart HTTP with one repository, protocol v2 where the server has it and v0 where not.
 *
 * isomorphic-git's own transport is not used: it asks for one ref prefix only, lists every ref of the server before each fetch,
 * takes a pack that was cut short for a whole one, and leaves thin packs out, so that each fetch with a depth is a whole clone.
 */
export class Remote {
  readonly #options: RemoteOptions;
  /** Where redirects led, and what the server speaks: learned once, forgotten when a request fails. */
  #base: string;
  #protocol: 0 | 2 | undefined;
  /** Can it leave out trees and files. */
  #filters = false;

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#base = options.url.href;
  }

  /** The refs that begin with one of the prefixes, annotated tags peeled: one request, and one more the first time. */
  async listRefs(prefixes: readonly string[]): Promise<ServerRef[]> {
    return this.#learning(async () => {
      if (this.#protocol !== 2) {
        const advertised = await this.#discover();
        if (advertised !== undefined)
          return advertised.filter(({ ref }) => prefixes.some((one) => ref.startsWith(one)));
      }
      return this.#lsRefs(prefixes);
    });
  }

  /** The pack with the commit and its tree and what they need, but for what `haves` bring; its parents are left out. */
  async *fetchPack(want: PackRequest): AsyncGenerator<Buffer, void> {
    if (this.#protocol === undefined) await this.#learning(() => this.#discover());
    const body = this.#protocol === 2 ? fetchCommandV2(want) : fetchCommandV0(want);
    yield* this.#pack(body, { want: want.want, maxBytes: MAX_PACK_BYTES });
  }

  /** A pack that stands by itself with those commits; also with their trees and files, where the server cannot leave these out. */
  async *fetchHistory(request: HistoryRequest): AsyncGenerator<Buffer, void> {
    if (this.#protocol === undefined) await this.#learning(() => this.#discover());
    const body = historyCommand(request, { protocol: this.#protocol, filters: this.#filters });
    yield* this.#pack(body, { want: request.tip, maxBytes: MAX_HISTORY_BYTES });
  }

  async *#pack(body: Buffer, { want, maxBytes }: { want: string; maxBytes: number }): AsyncGenerator<Buffer, void> {
    const answer = await this.#learning(() => this.#post(body, maxBytes));
    const { repo } = this.#options;
    for await (const line of readPktLines(answer.body, repo)) {
      const band = line?.[0];
      if (line === undefined || band === 2) continue;
      if (band === 1) yield line.subarray(1);
      else if (band === 3) throw corrupt(repo, "the server gave up while it sent the pack");
      else refuseError(line, { want }, repo);
    }
  }

  async #learning<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#protocol = undefined;
      this.#base = this.#options.url.href;
      throw error;
    }
  }

  /** What the server speaks; its refs, when it speaks v0, because that answer is the list. */
  async #discover(): Promise<ServerRef[] | undefined> {
    const { repo } = this.#options;
    const answer = await this.#send({
      method: "GET",
      url: new URL(this.#options.url.href + SERVICE),
      maxBytes: MAX_REFS_BYTES,
    });
    if (!answer.contentType.startsWith("application/x-git-upload-pack-advertisement"))
      throw new PlumblineError("PL-GIT-NOT-FOUND", {
        message: "the server answers, but not as a Git server",
        where: repo,
      });
    if (answer.url.href.endsWith(SERVICE)) this.#base = answer.url.href.slice(0, -SERVICE.length);
    const lines: string[] = [];
    for await (const line of readPktLines(answer.body, repo)) if (line !== undefined) lines.push(line.toString("utf8"));
    const content = lines.filter((line) => !line.startsWith("# service="));
    this.#protocol = content[0]?.trim() === "version 2" ? 2 : 0;
    this.#filters = content.some((line) => /(^fetch=|\0)(.* )?filter( |$)/.test(line.trimEnd()));
    return this.#protocol === 2 ? undefined : parseAdvertisedRefs(content, repo);
  }

  async #lsRefs(prefixes: readonly string[]): Promise<ServerRef[]> {
    const { repo } = this.#options;
    const lines = ["peel\n", "symrefs\n", ...prefixes.map((prefix) => `ref-prefix ${prefix}\n`)];
    const body = Buffer.concat([pktLine("command=ls-refs\n"), DELIMITER, ...lines.map(pktLine), FLUSH]);
    const refs: ServerRef[] = [];
    for await (const line of readPktLines((await this.#post(body, MAX_REFS_BYTES)).body, repo)) {
      const ref = line === undefined ? undefined : parseListedRef(line.toString("utf8"), repo);
      if (ref !== undefined) refs.push(ref);
    }
    return refs;
  }

  async #post(body: Buffer, maxBytes: number): Promise<HttpAnswer> {
    const url = new URL(`${this.#base}/git-upload-pack`);
    const answer = await this.#send({ method: "POST", url, body, maxBytes });
    if (answer.contentType.startsWith("application/x-git-upload-pack-result")) return answer;
    throw corrupt(this.#options.repo, "the answer is not a Git server's");
  }

  async #send(what: { method: "GET" | "POST"; url: URL; body?: Buffer; maxBytes: number }): Promise<HttpAnswer> {
    const { repo, url, connections, access, timeoutMs, closed } = this.#options;
    const v2 = this.#protocol !== 0;
    const headers = {
      // Some hosts only answer those who call themselves Git.
      "user-agent": "git/plumbline",
      ...(v2 ? { "git-protocol": "version=2" } : {}),
      ...(what.method === "POST"
        ? { "content-type": "application/x-git-upload-pack-request", accept: "application/x-git-upload-pack-result" }
        : {}),
    };
    const signal = AbortSignal.any([closed, AbortSignal.timeout(timeoutMs)]);
    const trustedOrigin = url.origin;
    return connections.send({
      ...what,
      repo,
      codes: GIT_CODES,
      headers,
      access: await access(),
      trustedOrigin,
      signal,
    });
  }
}

/** Source: Git, "gitprotocol-v2", fetch. */
function fetchCommandV2({ want, haves }: PackRequest): Buffer {
  const lines = [
    "thin-pack",
    "ofs-delta",
    "no-progress",
    `want ${want}`,
    ...haves.map((oid) => `shallow ${oid}`),
    "deepen 1",
    ...haves.map((oid) => `have ${oid}`),
    "done",
  ];
  return Buffer.concat([pktLine("command=fetch\n"), DELIMITER, ...lines.map((line) => pktLine(`${line}\n`)), FLUSH]);
}

/** Source: Git, "gitprotocol-pack", packfile negotiation. Over HTTP the server allows any commit that a ref reaches. */
function fetchCommandV0({ want, haves }: PackRequest): Buffer {
  const first = `want ${want} side-band-64k thin-pack ofs-delta no-progress\n`;
  const shallow = haves.map((oid) => pktLine(`shallow ${oid}\n`));
  const have = haves.map((oid) => pktLine(`have ${oid}\n`));
  return Buffer.concat([pktLine(first), ...shallow, pktLine("deepen 1\n"), FLUSH, ...have, pktLine("done\n")]);
}

/** Without `thin-pack` and without a depth. Source: Git, "gitprotocol-v2", fetch; "gitprotocol-pack"; "rev-list", --filter. */
function historyCommand(
  { tip, without }: HistoryRequest,
  { protocol, filters }: { protocol: 0 | 2 | undefined; filters: boolean },
): Buffer {
  const filter = filters ? ["filter tree:0"] : [];
  if (protocol === 2) {
    const lines = ["ofs-delta", "no-progress", ...filter, `want ${tip}`, `have ${without}`, "done"];
    return Buffer.concat([pktLine("command=fetch\n"), DELIMITER, ...lines.map((line) => pktLine(`${line}\n`)), FLUSH]);
  }
  const first = `want ${tip} side-band-64k ofs-delta no-progress${filters ? " filter" : ""}\n`;
  const lines = [first, ...filter.map((line) => `${line}\n`)].map(pktLine);
  return Buffer.concat([...lines, FLUSH, pktLine(`have ${without}\n`), pktLine("done\n")]);
}

/** Lines that are no pack: ACK, NAK, shallow and section names say nothing new; ERR is the server's refusal, which quotes no secret but is not ours to word. */
function refuseError(line: Buffer, { want }: Pick<PackRequest, "want">, repo: string): void {
  if (line.toString("latin1", 0, 4) !== "ERR ") return;
  throw new PlumblineError("PL-GIT-REF-MISSING", {
    message: `the server does not hand out the commit ${want}`,
    where: repo,
    next: "check that the commit is there; where the server gives out branches and tags only, name one of these",
  });
}
