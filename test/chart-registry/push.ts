import { createHash } from "node:crypto";
import { request } from "undici";

export interface Push {
  /** http://127.0.0.1:PORT. */
  readonly origin: string;
  /** Of the registry's repository. */
  readonly name: string;
  readonly tag: string;
  readonly archive: Uint8Array;
  /** Default: what Helm gives its archives. */
  readonly mediaType?: string;
  readonly authorization?: string;
}

const CHART_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json";
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Puts a chart into a registry as `helm push` does: config, archive, manifest. Gives the archive's digest in hex. */
export async function pushChart(push: Push): Promise<string> {
  const config = Buffer.from(JSON.stringify({ name: push.name, version: push.tag }));
  const layer = { ...(await upload(push, push.archive)), mediaType: push.mediaType ?? CHART_TYPE };
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { ...(await upload(push, config)), mediaType: CONFIG_TYPE },
    layers: [layer],
    annotations: { "org.opencontainers.image.created": "2026-01-02T03:04:05Z" },
  };
  const url = `${push.origin}/v2/${push.name}/manifests/${push.tag}`;
  await send(push, { method: "PUT", url, body: Buffer.from(JSON.stringify(manifest)), type: MANIFEST_TYPE });
  return layer.digest.slice("sha256:".length);
}

async function upload(push: Push, bytes: Uint8Array): Promise<{ digest: string; size: number }> {
  const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
  const started = await send(push, { method: "POST", url: `${push.origin}/v2/${push.name}/blobs/uploads/` });
  const target = new URL(started, push.origin);
  target.searchParams.set("digest", digest);
  await send(push, { method: "PUT", url: target.href, body: Buffer.from(bytes), type: "application/octet-stream" });
  return { digest, size: bytes.length };
}

/** Gives the Location header. */
async function send(
  { authorization }: Push,
  { method, url, body, type }: { method: "POST" | "PUT"; url: string; body?: Buffer; type?: string },
): Promise<string> {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { "content-type": type }),
  };
  const answer = await request(url, { method, headers, body: body ?? null });
  const said = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${method} ${url}: ${answer.statusCode} ${said}`);
  return String(answer.headers["location"] ?? "");
}
