/**
 * Compacts etcd at its newest revision, through its JSON gateway.
 * The API server still answers older watches from its watch cache until it is restarted.
 */
export async function compactEtcd(endpoint: string): Promise<void> {
  const { header } = await ask(endpoint, "/v3/maintenance/status", {});
  const revision = isRecord(header) ? header["revision"] : undefined;
  if (typeof revision !== "string") throw new Error("etcd named no revision");
  await ask(endpoint, "/v3/kv/compaction", { revision, physical: true });
}

/** True once etcd has a leader and answers. */
export async function etcdIsReady(endpoint: string): Promise<boolean> {
  try {
    const answer = await fetch(`${endpoint}/health`, { signal: AbortSignal.timeout(2_000) });
    await answer.text();
    return answer.ok;
  } catch {
    return false; // not listening yet: asked again until it is, or has ended
  }
}

async function ask(endpoint: string, path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${endpoint}${path}`, { method: "POST", body: JSON.stringify(body) });
  const parsed: unknown = await answer.json();
  if (!answer.ok || !isRecord(parsed)) throw new Error(`etcd ${path}: ${answer.status} ${JSON.stringify(parsed)}`);
  return parsed;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
