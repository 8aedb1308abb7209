/**
 * npm leaves an optional package that the registry in use does not have (another platform's binary, where that registry is a
 * selection) out of package-lock.json, and `npm ci` then refuses the file that npm wrote itself (npm/cli issue 9846). This
 * writes such entries as npm would have, integrity apart: `npm run lock:complete` after each `npm install`. A test tells when
 * it was forgotten.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("../../package-lock.json", import.meta.url);

interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly license?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface Missing {
  readonly name: string;
  readonly version: string;
  /** The path of the package that asks for it. */
  readonly parent: string;
}

export function readLock(): Lock {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

/** Optional packages that have no entry. */
export function missingEntries({ packages }: Lock): Missing[] {
  return Object.entries(packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !(`node_modules/${name}` in packages) && !(`${parent}/node_modules/${name}` in packages))
      .map(([name, version]) => ({ name, version, parent })),
  );
}

/** Platform and all from a name such as @biomejs/cli-linux-arm64-musl. Where it is not ours it is never fetched. */
function entryOf({ name, version, parent }: Missing, packages: Lock["packages"]): LockEntry {
  const [os, cpu, abi = ""] = name
    .slice(name.indexOf("/") + 1)
    .replace(/^(cli|binding)-/, "")
    .split("-");
  const libc = os === "linux" ? { libc: [abi.startsWith("musl") ? "musl" : "glibc"] } : {};
  const { dev, license } = packages[parent] ?? {};
  return {
    version,
    ...{ cpu: [cpu] },
    ...(dev && { dev }),
    ...libc,
    ...(license && { license }),
    ...{ optional: true, os: [os] },
  };
}

function completed(lock: Lock, missing: readonly Missing[]): Lock {
  const added = missing.map((one) => [`node_modules/${one.name}`, entryOf(one, lock.packages)] as const);
  const entries = [...Object.entries(lock.packages), ...added].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { ...lock, packages: Object.fromEntries(entries) };
}

if (import.meta.main) {
  const lock = readLock();
  const missing = missingEntries(lock);
  writeFileSync(FILE, `${JSON.stringify(completed(lock, missing), null, 2)}\n`);
  process.stdout.write(`${missing.length} entries written\n`);
}
