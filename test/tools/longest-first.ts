import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Seconds, where vitest has not yet kept how long a file took: in a fresh clone, on a build machine. A file that is not named is guessed. */
export const KNOWN: ReadonlyMap<string, number> = new Map([
  ["test/hand-edits/hand-edits.cluster.test.ts", 110],
  ["test/render/hostile-amounts.engine.test.ts", 80],
  ["test/cli/serve.cluster.test.ts", 70],
  ["test/e2e/adoption-claims.cluster.test.ts", 65],
  ["test/e2e/hooks.cluster.test.ts", 65],
  ["test/e2e/adoption.both.test.ts", 60],
  ["test/e2e/departing.cluster.test.ts", 60],
  ["test/e2e/examples.both.test.ts", 60],
  ["test/e2e/redis-replicas.cluster.test.ts", 55],
  ["test/e2e/replicas-answer.cluster.test.ts", 50],
  ["test/e2e/one-poll.cluster.test.ts", 50],
  ["test/e2e/fight.cluster.test.ts", 45],
  ["test/soak/soak.cluster.test.ts", 45],
]);

function guess(file: string): number {
  if (file.startsWith("test/e2e/")) return 30;
  return file.endsWith(".cluster.test.ts") ? 10 : 1;
}

/** One project after another, the last with the shortest files: a worker goes on with the next file only where that is of the same project. */
const PROJECTS = ["cluster", "engine", "sandbox", "pure"];

/** The longest files of each project first, so that none is alone at the end. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const all = files.map((file) => ({
      file,
      project: PROJECTS.indexOf(file.project.name),
      seconds: this.#secondsOf(file),
    }));
    return all.sort((a, b) => a.project - b.project || b.seconds - a.seconds).map(({ file }) => file);
  }

  #secondsOf(file: TestSpecification): number {
    const kept = this.ctx.cache.getTestSpecificationResult(file)?.duration;
    const path = relative(this.ctx.config.root, file.moduleId);
    return kept === undefined ? (KNOWN.get(path) ?? guess(path)) : kept / 1000;
  }
}
