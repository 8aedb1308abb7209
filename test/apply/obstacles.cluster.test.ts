import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { Waiting } from "../../src/apply/index.ts";
import type { LiveObject } from "../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { until } from "../e2e/until.ts";
import { Bench, outcomesOf } from "./applied.ts";

function patience(): AbortSignal {
  return AbortSignal.timeout(45_000);
}

/** A port on which nobody listens yet. */
async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, "close");
  return port;
}

/** Allows everything. The API server's own certificate is good for this address. */
async function startWebhook(port: number): Promise<Server> {
  const folder = dirname(sharedControlPlane().caFile);
  const pem = (name: string) => readFileSync(join(folder, name));
  const server = createServer({ key: pem("apiserver.key"), cert: pem("apiserver.crt") }, async (incoming, outgoing) => {
    let body = "";
    for await (const part of incoming.setEncoding("utf8")) body += part;
    const { apiVersion, kind, request } = JSON.parse(body) as {
      apiVersion: string;
      kind: string;
      request: { uid: string };
    };
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(JSON.stringify({ apiVersion, kind, response: { uid: request.uid, allowed: true } }));
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function webhook(bench: Bench, port: number) {
  const name = `late-${bench.namespace}.example.com`;
  return bench.manifest("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", name, {
    webhooks: [
      {
        name,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 5,
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": bench.namespace } },
        objectSelector: { matchLabels: { guarded: "yes" } },
        rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["configmaps"] }],
        clientConfig: {
          url: `https://127.0.0.1:${port}/`,
          caBundle: readFileSync(sharedControlPlane().caFile).toString("base64"),
        },
      },
    ],
  });
}

const waitingOf = (events: readonly { type: string }[]) => events.filter(({ type }) => type === "waiting") as Waiting[];

describeCluster("a webhook that nobody serves yet", () => {
  test("is waited for by what it guards; the rest goes on, and its later stages, and nothing fails", async () => {
    await using bench = await Bench.open();
    const port = await freePort();
    const hook = webhook(bench, port);
    const stage = { annotations: { "plumbline.dev/stage": "config" } };
    const first = {
      ...hook,
      object: {
        ...hook.object,
        metadata: { ...hook.object.metadata, annotations: { "plumbline.dev/stage": "namespaces" } },
      },
    };
    const guarded = bench.manifest("v1", "ConfigMap", "guarded", {}, { labels: { guarded: "yes" } });
    const beside = bench.manifest("v1", "ConfigMap", "beside", {}, stage);
    const server = bench.manifest("v1", "Service", "server", { spec: { ports: [{ port: 443 }] } });
    const behind = bench.manifest("v1", "ConfigMap", "behind", {}, { annotations: { "plumbline.dev/wave": "1" } });
    let serving: Promise<Server> | undefined;
    const summary = await bench.run(await bench.plan([first, guarded, beside, server, behind]), {
      signal: patience(),
      // As its workload would, it comes up once what stands in a later stage is there.
      onEvent: (event) => {
        if (event.type === "step" && event.outcome.ref.name === "server") serving ??= startWebhook(port);
      },
    });
    const names = outcomesOf(summary).map(([name]) => name);
    expect(summary.whole).toBe(true);
    expect(summary.outcomes.every(({ outcome }) => outcome === "created")).toBe(true);
    expect(names.indexOf("server")).toBeLessThan(names.indexOf("guarded"));
    expect(names.at(-1)).toBe("behind");
    const [sentence] = waitingOf(summary.events).filter(({ ref }) => ref.name === "guarded");
    expect(sentence?.message).toMatch(/^waits to be written: .*failed calling webhook "late-.*connection refused/);
    await bench.kubectl("delete", "validatingwebhookconfiguration", hook.ref.name);
    (await serving)?.close();
  });

  test("and never comes, is named at the deadline with the number of tries", async () => {
    await using bench = await Bench.open();
    const hook = webhook(bench, await freePort());
    await bench.apply([hook]);
    const guarded = bench.manifest("v1", "ConfigMap", "guarded", {}, { labels: { guarded: "yes" } });
    const { outcomes } = await bench.run(await bench.plan([hook, guarded]), { signal: AbortSignal.timeout(2500) });
    await bench.kubectl("delete", "validatingwebhookconfiguration", hook.ref.name);
    expect(outcomes.find(({ ref }) => ref.name === "guarded")).toMatchObject({
      outcome: "failed",
      problem: { code: "PL-KUBE-WEBHOOK-AWAY", message: expect.stringMatching(/\(tried [2-9] times in \d+s\)/) },
    });
  });
});

async function namespaceOf(bench: Bench, name: string): Promise<LiveObject | undefined> {
  return await bench.cluster.get({ group: "", version: "v1", kind: "Namespace", name });
}

/** The server without controllers keeps a namespace until somebody takes its finalizer off. */
async function finish(bench: Bench, name: string): Promise<void> {
  const live = await namespaceOf(bench, name);
  const body = JSON.stringify({ ...live, spec: { finalizers: [] } });
  const { code, stderr } = await bench.plane.kubectl(
    ["replace", "--raw", `/api/v1/namespaces/${name}/finalize`, "-f", "-"],
    body,
  );
  if (code !== 0) throw new Error(stderr);
}

describeCluster("a namespace that is being deleted", () => {
  test.each(["createNamespace", "Git"])("is waited for and made anew where %s says that it is wanted", async (who) => {
    await using bench = await Bench.open();
    const name = `${bench.namespace}-going`;
    await bench.kubectl("create", "namespace", name);
    await bench.kubectl("delete", "namespace", name, "--wait=false");
    const old = await namespaceOf(bench, name);
    expect(old?.metadata.deletionTimestamp).toBeDefined();
    const own = who === "Git" ? [bench.manifest("v1", "Namespace", name)] : [];
    const objects = ["a", "b"].map((one) => bench.manifest("v1", "ConfigMap", one, {}, { namespace: name }));
    const planned = await bench.plan([...own, ...objects], {
      inventoryNamespace: bench.namespace,
      ...(who === "Git" ? {} : { ensureNamespace: name }),
    });
    let finished = false;
    const summary = await bench.run(planned, {
      signal: patience(),
      onEvent: (event) => {
        if (event.type !== "waiting" || finished) return;
        finished = true;
        expect(event.message).toContain(`Namespace ${name}`);
        void finish(bench, name);
      },
    });
    expect(finished).toBe(true);
    expect(summary.outcomes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect((await namespaceOf(bench, name))?.metadata.uid).not.toBe(old?.metadata.uid);
    expect(await bench.plane.kubectl(["get", "configmap", "a", "b", "-n", name, "-o", "name"])).toMatchObject({
      code: 0,
    });
  });

  test("and is nobody's here, is waited for until somebody has made it", async () => {
    await using bench = await Bench.open();
    const name = `${bench.namespace}-going`;
    await bench.kubectl("create", "namespace", name);
    await bench.kubectl("delete", "namespace", name, "--wait=false");
    const planned = await bench.plan([bench.manifest("v1", "ConfigMap", "a", {}, { namespace: name })]);
    let remade: Promise<void> | undefined;
    const remake = async (): Promise<void> => {
      await finish(bench, name);
      await until("it to be gone", async () => (await namespaceOf(bench, name)) === undefined);
      await bench.kubectl("create", "namespace", name);
    };
    const summary = await bench.run(planned, {
      signal: patience(),
      onEvent: ({ type }) => {
        if (type === "waiting") remade ??= remake();
      },
    });
    await remade;
    expect(outcomesOf(summary)).toEqual([["a", "created"]]);
  });

  test("and stays, is named at the deadline with what the server says", async () => {
    await using bench = await Bench.open();
    const name = `${bench.namespace}-going`;
    await bench.kubectl("create", "namespace", name);
    await bench.kubectl("delete", "namespace", name, "--wait=false");
    const planned = await bench.plan([bench.manifest("v1", "ConfigMap", "a", {}, { namespace: name })]);
    const { outcomes } = await bench.run(planned, { signal: AbortSignal.timeout(1500) });
    expect(outcomes[0]).toMatchObject({
      outcome: "failed",
      problem: {
        code: "PL-KUBE-TERMINATING",
        message: expect.stringContaining(`waits for Namespace ${name} to be gone`),
      },
    });
    await finish(bench, name);
  });
});
