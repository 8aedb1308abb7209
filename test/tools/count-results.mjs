// Prints the last line of .ci/run from the file that vitest's JSON reporter wrote. A test file that could not even be loaded
// has no tests to count, so it counts as one that failed.
import { readFileSync } from "node:fs";

const results = JSON.parse(readFileSync(process.argv[2], "utf8"));
const unloaded = results.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
const failed = results.numFailedTests + unloaded.length;
const skipped = results.numPendingTests + results.numTodoTests;
process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
process.exitCode = failed > 0 || results.numPassedTests === 0 ? 1 : 0;
