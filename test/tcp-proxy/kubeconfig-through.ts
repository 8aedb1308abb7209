import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Writes a copy of the kubeconfig (JSON, as the test control plane writes it) whose server is 127.0.0.1:port, and returns its path. */
export async function kubeconfigThrough(port: number, kubeconfigPath: string): Promise<string> {
  const text = await readFile(kubeconfigPath, "utf8");
  const path = join(dirname(kubeconfigPath), `through-${port}.json`);
  await writeFile(path, text.replace(/https:\/\/127\.0\.0\.1:[0-9]+/, `https://127.0.0.1:${port}`), { mode: 0o600 });
  return path;
}
