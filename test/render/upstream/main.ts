import { type Engine, type RenderCase, readCases } from "./case-file.ts";
import { type UpstreamPrograms, upstreamPrograms } from "./programs.ts";
import { askUpstream, objectsOf, unmet } from "./upstream-side.ts";
import { workingCopy } from "./working-copy.ts";

const ENGINES: readonly Engine[] = ["helm", "kustomize"];

process.exitCode = await main(process.argv[2] ?? "");

async function main(command: string): Promise<number> {
  const programs = await upstreamPrograms();
  if (command === "build") return say(`${programs.helm}\n${programs.kustomize}`, 0);
  const cases = ENGINES.flatMap((engine) => readCases(engine));
  if (command === "check") return checkAll(cases, programs);
  const one = cases.find(({ id }) => id === command);
  if (one === undefined) return say("usage: npm run upstream -- build|check|CASE", 2);
  return show(one, programs);
}

async function show(of: RenderCase, programs: UpstreamPrograms): Promise<number> {
  await using copy = await workingCopy(of, programs);
  const { code, stdout, stderr } = await askUpstream(of, copy, programs);
  process.stderr.write(stderr);
  return say(stdout.toString(), code);
}

async function checkAll(cases: readonly RenderCase[], programs: UpstreamPrograms): Promise<number> {
  let bad = 0;
  for (const of of cases) {
    const findings = await check(of, programs);
    if (findings.length > 0) bad++;
    for (const finding of findings) say(`${of.id}: ${finding}`, 0);
  }
  return say(`${cases.length} cases, ${bad} that do not show what they are for`, bad === 0 ? 0 : 3);
}

/** A case is for something when several objects come out, or when it is about a refusal. */
async function check(of: RenderCase, programs: UpstreamPrograms): Promise<string[]> {
  await using copy = await workingCopy(of, programs);
  const answer = await askUpstream(of, copy, programs);
  const findings = unmet(of, answer);
  if (of.fails || findings.length > 0) return findings;
  const count = objectsOf(answer).length;
  return count > 1 ? [] : [`only ${count} objects`];
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
