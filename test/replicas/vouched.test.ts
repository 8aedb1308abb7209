import { expect, test } from "vitest";
import { SILENT } from "../../src/model/index.ts";
import type { NoticeBoard, SeenNotice } from "../../src/replicas/notice.ts";
import { vouchedBoard } from "../../src/replicas/vouched.ts";

const SIGNAL = new AbortController().signal;

/** Keeps what is posted; whoever holds it may write what he likes. */
function openBoard() {
  const notices = new Map<string, SeenNotice>();
  const board: NoticeBoard = {
    post: async (notice) => void notices.set(notice.id, { ...notice, version: "1" }),
    read: async () => [...notices.values()],
    remove: async ({ id }) => void notices.delete(id),
  };
  const seenBy = (secret: string) => vouchedBoard({ board, secret: async () => secret, log: SILENT });
  return { notices, seenBy };
}

test("an address is known to those who share the secret, and who signs none is there without one", async () => {
  const { seenBy } = openBoard();
  const [one, other, stranger] = [seenBy("ours"), seenBy("ours"), seenBy("another")];
  await one.post({ id: "a", url: "http://10.0.0.1:8080", claims: ["a"] }, SIGNAL);
  expect(await other.read(SIGNAL)).toEqual([{ id: "a", url: "http://10.0.0.1:8080", claims: ["a"], version: "1" }]);
  expect(await stranger.read(SIGNAL)).toEqual([{ id: "a", claims: ["a"], version: "1" }]);
});

test("who may write on the board can name no address of his own for a replica, nor give one that of another", async () => {
  const { notices, seenBy } = openBoard();
  await seenBy("ours").post({ id: "a", url: "http://10.0.0.1:8080" }, SIGNAL);
  const [{ url = "" } = { url: "" }] = notices.values();
  const signature = url.split("#")[1] ?? "";
  expect(signature).not.toBe("");
  const forged = [`http://evil#${signature}`, "http://evil", "http://10.0.0.1:8080", `${url}x`, "#"];
  for (const [i, one] of forged.entries()) notices.set(`a${i}`, { id: "a", url: one, version: "2" });
  notices.set("b", { id: "b", url, version: "1" });
  const seen = await seenBy("ours").read(SIGNAL);
  expect(seen.map((one) => one.url)).toEqual(["http://10.0.0.1:8080", ...forged.map(() => undefined), undefined]);
});
