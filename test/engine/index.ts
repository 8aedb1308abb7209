/**
 * engine: the renderer of charts and kustomizations for tests, built from its Go sources once into a cache outside the repository.
 *
 * It promises: describeEngine runs its tests where the renderer is there, and stands as one skipped test where it cannot be built
 * (under CI=true that is a failure). testEngine() is one engine a test file, ended after its last test;
 * engineOf() is one with limits of the test's own, ended with the test.
 * By hand: `npm run build:engine` (main.ts), which benchmarks and the suite's setup do, too (build.ts).
 */
export { describeEngine, engineOf, newEngine, testEngine } from "./test-engine.ts";
