import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { type Fleet, FleetSchema, type FleetStatus } from "../../../src/model/index.ts";
import { describeCluster } from "../../controlplane/index.ts";
import { configMap } from "../../e2e/manifests.ts";
import { until } from "../../e2e/until.ts";
import { Loop } from "../loop.ts";

const app = (name: string) => ({ [`apps/${name}/a.yaml`]: configMap(name, {}) });
const files = { ...app("web"), ...app("api"), "apps/README.md": "no folder" };

function fleet(loop: Loop, over: object = {}): Fleet {
  const document = {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: "apps", namespace: "default" },
    spec: {
      each: { name: "{{ path.name }}" },
      source: { repo: loop.repository.url, ref: "main", path: "apps/*" },
      destination: { namespace: loop.namespace },
      sync: { interval: "1h" },
      ...over,
    },
  };
  return Value.Parse(FleetSchema, Value.Default(FleetSchema, document));
}

async function seen(loop: Loop, fits: (status: FleetStatus) => boolean): Promise<FleetStatus> {
  let last: FleetStatus | undefined;
  try {
    return await until("a fitting fleet", () => {
      last = loop.sync.fleets.statuses()[0];
      return last !== undefined && fits(last) && last;
    });
  } catch (error) {
    throw new Error(JSON.stringify(last), { cause: error });
  }
}

const declare = (loop: Loop, one: Fleet) => loop.sync.setDeclarers([{ id: "file x", applications: [], fleets: [one] }]);

describeCluster("a declaration of many", () => {
  test("makes an application of each folder, follows its repository, and gives nobody up while it is not sure", async () => {
    await using loop = await Loop.open({ files });
    declare(loop, fleet(loop));
    await loop.sync.start();
    await loop.synced("web");
    expect((await loop.synced("api")).madeBy).toBe("default/apps");
    const first = await seen(loop, ({ members }) => members.length === 2);
    expect(first).toMatchObject({ members: ["default/api", "default/web"], problems: [] });
    expect(first.unsure).toBeUndefined();

    const polls = loop.polls.length;
    const revision = await loop.repository.commit({ ...app("db"), ...app("Bad_Name") });
    loop.sync.delivered({ urls: [loop.repository.url] });
    expect((await loop.synced("db")).source.revision).toBe(revision);
    const bad = await seen(loop, ({ problems }) => problems.length > 0);
    expect(bad.members).toEqual(["default/api", "default/db", "default/web"]);
    expect(bad.problems).toMatchObject([{ code: "PL-FLEET-MEMBER", where: "apps/Bad_Name" }]);
    expect(bad.unsure).toBe("1 of what it would make cannot be named");
    expect(loop.polls.length - polls).toBeLessThanOrEqual(1);

    await loop.repository.commit({ "apps/Bad_Name/a.yaml": null, "apps/api/a.yaml": null });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await seen(loop, ({ members, unsure }) => members.length === 2 && unsure === undefined);
    expect(loop.sync.application("default/api")).toBeUndefined();
    expect(await loop.kubectl("get", "configmap/api", "-o", "name")).toBe("configmap/api\n");

    await loop.repository.commit({ "apps/db/a.yaml": null, "apps/web/a.yaml": null });
    loop.sync.delivered({ urls: [loop.repository.url] });
    const empty = await seen(loop, ({ unsure }) => unsure !== undefined);
    expect(empty.members).toEqual(["default/db", "default/web"]);
    expect(empty.problems).toMatchObject([{ code: "PL-FLEET-EMPTY" }]);
    expect(loop.sync.application("default/web")).toBeDefined();
  });

  test("a repository that does not answer changes nothing, and one for another cluster touches nothing", async () => {
    await using loop = await Loop.open({ files });
    loop.git.fault = { kind: "status", status: 500 };
    declare(loop, fleet(loop, { each: { name: "{{ path.name }}", clusters: ["elsewhere"] } }));
    await loop.sync.start();
    const away = await seen(loop, ({ problems }) => problems.length > 0);
    expect(away.problems).toMatchObject([{ code: expect.stringMatching(/^PL-GIT-/) }]);
    expect(away.unsure).toBeDefined();
    loop.git.fault = undefined;
    loop.sync.delivered({ urls: [loop.repository.url] });
    const { problems, sync } = await loop.status("web", (one) => one.problems.length > 0);
    expect(sync.status).toBe("Unknown");
    expect(problems).toMatchObject([{ code: "PL-CLUSTER-UNKNOWN", where: "spec.destination.cluster" }]);
    expect(await loop.kubectl("get", "configmap", "web", "--ignore-not-found")).toBe("");
  });
});
