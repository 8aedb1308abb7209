import { expect, test } from "vitest";
import { Gate } from "../apply/gate.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const REFUSED = { status: 403, reason: "Forbidden" };

describeCluster("an object that was not tried", () => {
  test("since the server refused the inventory, is tried by the next pass", async () => {
    await using gate = await Gate.open(sharedControlPlane());
    gate.refuse = ({ path }) => (path.endsWith("/default.web") ? REFUSED : undefined);
    const files = { "web/a.yaml": configMap("a", { colour: "blue" }) };
    await using loop = await Loop.open({ files, kubeconfig: gate.kubeconfig });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.status("web", ({ problems }) => problems.some(({ code }) => code === "PL-KUBE-FORBIDDEN"));
    gate.refuse = () => undefined;
    await loop.repository.commit({ "web/b.yaml": configMap("b", { colour: "red" }) });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await until("both objects", () => gate.count("/configmaps/a") > 0 && gate.count("/configmaps/b") > 0);
    expect((await loop.synced("web")).problems).toEqual([]);
  });
});
