import { hash } from "node:crypto";
import { type IndexJob, indexHere } from "./pack-index.ts";

/**
 * Indexes one pack in a process of its own (pack-index.ts says why) and sends the number of its objects.
 *
 * isomorphic-git awaits a job of the thread pool for the hash of each object, which for small objects is most of the time. Nobody
 * else lives in this process, so the digest that the library finds here may answer at once.
 */
crypto.subtle.digest = async (_sha1, data) => {
  const bytes = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
  return new Uint8Array(hash("sha1", bytes as NodeJS.ArrayBufferView, "buffer")).buffer;
};

// Whoever asked is gone: so is the question.
process.once("disconnect", () => process.exit());
const [gitdir = "", folder = ""] = process.argv.slice(2);
process.send?.(await indexHere({ gitdir, folder } satisfies IndexJob));
process.disconnect();
