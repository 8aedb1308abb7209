import { createHash } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { indexPack } from "./pack-index.ts";
import { corrupt } from "./pkt-line.ts";

export interface PackIntake {
  readonly repo: string;
  /** The repository that gets the pack. */
  readonly gitdir: string;
  /** Where the pack is written and indexed before it is moved; on the same disk as `gitdir`. Made here. */
  readonly folder: string;
  readonly pack: AsyncIterable<Buffer>;
}

const TRAILER_BYTES = 20;

interface Received {
  readonly objects: number;
  readonly checksum: string;
  readonly bytes: number;
}

/**
 * Takes a pack in: written as it comes, compared with its own checksum, indexed, and only then moved where readers look, the index
 * last. Whatever breaks before leaves the repository as it was. Errors: PL-GIT-CORRUPT, and those of `pack`.
 */
export async function takePack({ repo, gitdir, folder, pack }: PackIntake): Promise<void> {
  await mkdir(folder, { recursive: true });
  const received = await writePack(join(folder, "pack.pack"), pack, repo);
  if (received.objects === 0) return;
  const indexed = await indexPack({ gitdir, folder, bytes: received.bytes });
  if (indexed !== received.objects)
    throw corrupt(repo, `only ${indexed ?? 0} of the ${received.objects} objects of the pack can be read`);
  const target = join(gitdir, "objects", "pack", `pack-${received.checksum}`);
  await rename(join(folder, "pack.pack"), `${target}.pack`);
  await rename(join(folder, "pack.idx"), `${target}.idx`);
}

/** Source: Git, "gitformat-pack": "PACK", version, number of objects, the objects, SHA-1 of all before. */
async function writePack(path: string, pack: AsyncIterable<Buffer>, repo: string): Promise<Received> {
  const hash = createHash("sha1");
  let tail = Buffer.alloc(0);
  let head = Buffer.alloc(0);
  let bytes = 0;
  await using file = await open(path, "w");
  for await (const chunk of pack) {
    await file.write(chunk);
    bytes += chunk.length;
    if (head.length < 12) head = Buffer.concat([head, chunk.subarray(0, 12 - head.length)]);
    const joined = Buffer.concat([tail, chunk]);
    const keep = Math.max(0, joined.length - TRAILER_BYTES);
    hash.update(joined.subarray(0, keep));
    tail = joined.subarray(keep);
  }
  const checksum = tail.toString("hex");
  if (bytes < 12 + TRAILER_BYTES || head.toString("latin1", 0, 4) !== "PACK" || hash.digest("hex") !== checksum)
    throw corrupt(repo, `the pack was cut short or spoilt on its way (${bytes} bytes came)`);
  return { objects: head.readUInt32BE(8), checksum, bytes };
}
