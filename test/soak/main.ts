/**
 * `npm run soak [-- --kills 200] [--minutes 60] [--seed N] [--together 2] [--json FILE]`: Plumbline on a real control plane while everything
 * goes wrong. Prints a line a round on stderr and the report on stdout; exit code 1 when a promise was broken. The same seed makes the
 * same choices again.
 */
import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import { engineFile, engineVersion } from "../../src/render/index.ts";
import { print } from "./print.ts";
import { soak } from "./run.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    minutes: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    together: { type: "string", default: "2" },
    json: { type: "string" },
  },
});

const say = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const version = engineVersion();
const chart = version !== undefined && existsSync(engineFile(ownCacheFolder(), version));
if (!chart) say("SKIPPED: the application that is a chart, since there is no renderer: npm run build:engine");
const seed = Number(values.seed);
const rounds = { kills: Number(values.kills), minutes: Number(values.minutes), together: Number(values.together) };
say(`seed ${seed}`);
const results = await soak({ seed, rounds, chart, say });
process.stdout.write(print(results));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = Object.values(results.failures).every((list) => list.length === 0) ? 0 : 1;
