import { existsSync, statSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readCaseFolder } from "./case-folder.ts";
import { printResult } from "./print-result.ts";
import { runSets } from "./run-sets.ts";

const USAGE = `usage: npm run conformance -- FOLDER [--json FILE]
  runs every set of cases with known answers that the folder has, and says which are right
  exit code: 0 all right, 1 one is wrong, 2 the folder or a file in it cannot be read, or the command line
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  // Not strict: an option that is unknown gets the usage text.
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    strict: false,
    options: { json: { type: "string" }, help: { type: "boolean" } },
  });
  const { json, help, ...others } = values;
  const [root] = positionals;
  const isUnderstood = positionals.length === 1 && Object.keys(others).length === 0 && json !== true;
  if (help === true || root === undefined || !isUnderstood) {
    process.stderr.write(USAGE);
    return help === true ? 0 : 2;
  }
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    process.stderr.write(`${root} is no folder\n  next: name a folder of cases\n`);
    return 2;
  }
  return await run(root, typeof json === "string" ? json : undefined);
}

async function run(root: string, json: string | undefined): Promise<number> {
  const result = await runSets(readCaseFolder(root));
  process.stdout.write(printResult(result));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  if (result.unreadable.length > 0) return 2;
  if (result.sets.length === 0) {
    process.stderr.write(`${root} has no cases\n  next: name a folder of cases\n`);
    return 2;
  }
  return result.wrong > 0 ? 1 : 0;
}
