import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  /** PEM file of the authority that signed it: itself. */
  readonly caFile: string;
}

/** A certificate for localhost and 127.0.0.1 that signed itself. */
export async function createCertificate(dir: string): Promise<ServerCertificate> {
  const [keyFile, caFile] = [join(dir, "tls.key"), join(dir, "tls.crt")];
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const rest = ["-subj", "/CN=localhost", "-days", "2", "-addext", names, "-out", caFile];
  await promisify(execFile)("openssl", ["req", "-x509", ...key, ...rest]);
  return { key: await readFile(keyFile, "utf8"), cert: await readFile(caFile, "utf8"), caFile };
}
