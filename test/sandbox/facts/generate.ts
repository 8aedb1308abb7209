/**
 * `npm run sandbox:facts`: asks the real kube-apiserver which kinds it serves and which fields they have, and writes what the sandbox
 * knows of it: src/sandbox/kubernetes/catalogue/facts/{kinds,types}.json.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startControlPlane } from "../../controlplane/index.ts";
import { readFacts } from "./facts.ts";

const FOLDER = join(import.meta.dirname, "../../../src/sandbox/kubernetes/catalogue/facts");

await using controlPlane = await startControlPlane();
const { kinds, types } = await readFacts(controlPlane);
writeFileSync(join(FOLDER, "kinds.json"), lines(Object.entries(kinds)));
writeFileSync(join(FOLDER, "types.json"), lines(Object.entries(types)));
process.stdout.write(`${Object.keys(kinds).length} kinds, ${Object.keys(types).length} types\n`);

/** One line an entry, so that a new version of Kubernetes is a diff to read. */
function lines(entries: [string, string][]): string {
  return `{\n${entries.map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(",\n")}\n}\n`;
}
