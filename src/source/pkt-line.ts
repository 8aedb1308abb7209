import { PlumblineError } from "../model/index.ts";

/** Ends a message. Source: Git, "gitprotocol-common", pkt-line. */
export const FLUSH = Buffer.from("0000");
/** Divides the sections of a protocol v2 message. */
export const DELIMITER = Buffer.from("0001");

/** One line as it goes over the wire: four hex digits of its whole length, then the text. */
export function pktLine(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, "0")), body]);
}

/** Lines as they come; flush, delimiter and end-of-response are undefined. Errors: PL-GIT-CORRUPT, also when the answer ends inside a line. */
export async function* readPktLines(
  source: AsyncIterable<Uint8Array>,
  repo: string,
): AsyncGenerator<Buffer | undefined, void> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = lineEnd(rest, at, repo); end !== undefined; end = lineEnd(rest, at, repo)) {
      yield end.body ? rest.subarray(at + 4, end.next) : undefined;
      at = end.next;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw corrupt(repo, `the answer ends after ${rest.length} bytes of an unfinished line`);
}

function lineEnd(bytes: Buffer, at: number, repo: string): { next: number; body: boolean } | undefined {
  if (bytes.length < at + 4) return undefined;
  const digits = bytes.toString("latin1", at, at + 4);
  if (!/^[0-9a-f]{4}$/i.test(digits)) throw corrupt(repo, "the answer is not made of pkt-lines");
  const length = Number.parseInt(digits, 16);
  if (length < 4) return { next: at + 4, body: false };
  return bytes.length < at + length ? undefined : { next: at + length, body: true };
}

export function corrupt(repo: string, message: string): PlumblineError {
  return new PlumblineError("PL-GIT-CORRUPT", { message, where: repo });
}
