import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";

/** Room for the mirrors and renders of the workload, and no more than a disk that can be filled within a moment. */
const SIZE = "48m";

/** A data folder that is a file system of its own, so that it can run full. */
export interface SmallDisk {
  fill(): Promise<void>;
  free(): void;
  unmount(): void;
}

/** Mounts it; undefined, and why is said, where this user or this system may not. */
export function mountSmallDisk(folder: string, say: (line: string) => void): SmallDisk | undefined {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "plumb-soak", folder], { stdio: "pipe" });
  } catch (error) {
    say(
      `SKIPPED: the fault disk-full, since no small disk can be mounted here (it takes root on Linux): ${String(error)}`,
    );
    return undefined;
  }
  const filler = join(folder, "filler");
  return {
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      writeFileSync(filler, Buffer.alloc(bavail * bsize));
    },
    free: () => rmSync(filler, { force: true }),
    unmount: () => void execFileSync("umount", ["--lazy", folder]),
  };
}
