import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { print } from "./print.ts";
import { soak } from "./run.ts";

/** One of each kind of fault at least; the long form, `npm run soak`, has them all, drawn by its seed. */
const ROUNDS = [
  ["etcd restarted", "writes doubled", "Git sends half a pack as if it were whole", "clock jumped", "disk full"],
  ["kube-apiserver restarted", "broken commit", "history rewritten", "429 with Retry-After", "clock jumped"],
  ["connection cut in an answer", "answers lost", "500 without Retry-After", "branch gone and back", "answers delayed"],
];

describeCluster(
  "a process that is killed while servers, connections, Git, disk and clock fail",
  () => {
    test("converges after each round, orphans nothing, deletes nothing of Git's, and shows no secret", async () => {
      const seed = Date.now() % 1_000_000;
      const results = await soak({
        ...{ seed, rounds: { told: ROUNDS, kills: 6 }, chart: false },
        say: (line) => console.log(line),
      });
      console.log(print(results));
      expect(results.failures).toEqual({ converged: [], orphans: [], deletions: [], secrets: [], ended: [] });
      expect(results.kills).toHaveLength(6);
    }, 300_000);
  },
  { controllers: true },
);
