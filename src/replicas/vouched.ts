import { signHmacSha256, verifyHmacSha256 } from "../kit/hmac.ts";
import type { Log } from "../model/index.ts";
import type { Notice, NoticeBoard, SeenNotice } from "./notice.ts";

interface VouchedOptions {
  readonly board: NoticeBoard;
  /** That all replicas share. Asked at each use, so that a renewed one counts. */
  readonly secret: () => Promise<string>;
  readonly log: Log;
}

/**
 * Whoever may write on the board could have the replicas' secret and their callers' tokens sent to himself by naming an address of his own. So each replica signs its
 * address with that secret (after a #, which no base URL has), and one that is not signed for its id is not known: such a replica counts, and is asked nothing.
 */
export function vouchedBoard({ board, secret, log }: VouchedOptions): NoticeBoard {
  const doubted = new Set<string>();
  const checked = async ({ url: sealed, ...notice }: SeenNotice): Promise<SeenNotice> => {
    if (sealed === undefined) return notice;
    const [url = "", signature = ""] = sealed.split("#");
    if (verifyHmacSha256({ secret: await secret(), body: bodyOf(notice.id, url), signature }))
      return { ...notice, url };
    const isNew = !doubted.has(notice.id);
    doubted.add(notice.id);
    const words = "a replica's address is not signed with our secret: it is asked nothing; do all have the same?";
    if (isNew) log.warn({ replica: notice.id, address: url }, words);
    return notice;
  };
  return {
    post: async (notice, signal) => await board.post(await sealedNotice(notice, secret), signal),
    read: async (signal) => await Promise.all((await board.read(signal)).map(checked)),
    remove: async (notice, signal) => await board.remove(notice, signal),
  };
}

async function sealedNotice(notice: Notice, secret: () => Promise<string>): Promise<Notice> {
  const { id, url } = notice;
  if (url === undefined) return notice;
  const signature = signHmacSha256({ secret: await secret(), body: bodyOf(id, url) });
  return { ...notice, url: `${url}#${signature}` };
}

function bodyOf(id: string, url: string): Uint8Array {
  return Buffer.from(`${id} ${url}`);
}
