import { randomBytes } from "node:crypto";
import { range } from "./figures.ts";
import type { RawServer } from "./raw-server.ts";

const APPLICATIONS_A_NAMESPACE = 10;

/** As many as so many applications want, with names of their own. */
export async function makeNamespaces(raw: RawServer, prefix: string, applications: number): Promise<string[]> {
  const run = `${prefix}-${randomBytes(3).toString("hex")}`;
  const names = range(Math.ceil(applications / APPLICATIONS_A_NAMESPACE)).map((i) => `${run}-${i}`);
  await raw.applyAll(names.map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
  return names;
}
