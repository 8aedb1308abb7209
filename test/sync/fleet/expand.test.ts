import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { type Fleet, FleetSchema } from "../../../src/model/index.ts";
import { expandFleet } from "../../../src/sync/fleet/expand.ts";

function fleet(spec: object = {}, each: object = {}): Fleet {
  const document = {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name: "apps", namespace: "team-a", labels: { tier: "web" } },
    spec: {
      each: { name: "{{ path.name }}-{{ value.region }}", values: [{ region: "eu", size: 3 }], ...each },
      source: { repo: "https://git.example/apps.git", path: "apps/*" },
      destination: { namespace: "{{ path.name }}" },
      ...spec,
    },
  };
  return Value.Parse(FleetSchema, Value.Default(FleetSchema, document));
}

const names = ({ members }: ReturnType<typeof expandFleet>) => members.map(({ metadata }) => metadata.name);

test("each path with each set of values with each cluster is an ordinary application, with what is written filled in", () => {
  const source = {
    repo: "https://git.example/apps.git",
    ...{ ref: "main", path: "apps/*" },
    helm: {
      valueFiles: ["values-{{ value.region }}.yaml"],
      values: {
        region: "{{value.region}}",
        size: "{{ value.size }}",
        text: "{{ value.size }}x",
        tpl: "{{ .Values.own }}",
      },
    },
  };
  const each = {
    name: "{{ path.name }}-{{ value.region }}-{{ cluster }}",
    values: [
      { region: "eu", size: 3 },
      { region: "us", size: 5 },
    ],
    clusters: ["east", "west"],
  };
  const made = expandFleet(fleet({ source, dependsOn: [{ name: "{{ path.name }}" }] }, each), ["apps/web", "apps/api"]);
  expect(made.problems).toEqual([]);
  expect(names(made)).toEqual([
    ...["web-eu-east", "web-eu-west", "web-us-east", "web-us-west"],
    ...["api-eu-east", "api-eu-west", "api-us-east", "api-us-west"],
  ]);
  expect(made.members[2]).toMatchObject({
    metadata: {
      ...{ name: "web-us-east", namespace: "team-a", labels: { tier: "web" } },
      annotations: { "plumbline.dev/made-by": "team-a/apps" },
    },
    spec: {
      source: {
        ...{ path: "apps/web", ref: "main" },
        helm: {
          valueFiles: ["values-us.yaml"],
          values: { region: "us", size: 5, text: "5x", tpl: "{{ .Values.own }}" },
        },
      },
      destination: { namespace: "web", cluster: "east", createNamespace: false },
      sync: { auto: true, interval: "60s" },
      // Only the source's path, helm, kustomize and the destination are templates.
      dependsOn: [{ name: "{{ path.name }}" }],
    },
  });
});

test("what cannot be made is that one's problem, with its name kept from being given up, and spoils no sibling", () => {
  const long = "x".repeat(70);
  const made = expandFleet(fleet(), ["apps/web", `apps/${long}`, "apps/Bad_Name"]);
  expect(names(made)).toEqual(["web-eu"]);
  expect(made.problems.map(({ code, where, message }) => [code, where, message.slice(0, 60)])).toEqual([
    [
      "PL-FLEET-MEMBER",
      "apps/Bad_Name, region eu, size 3",
      'the name "{{ path.name }}-{{ value.region }}" becomes "Bad_N',
    ],
    ["PL-FLEET-MEMBER", `apps/${long}, region eu, size 3`, `${long}-eu: /spec/destination/namespace`.slice(0, 60)],
  ]);
  expect(made.unread).toEqual([`team-a/${long}-eu`]);
  expect(made.nameless).toBe(1);
});

test("a name that there is not is a problem, and not an empty text", () => {
  const typo = expandFleet(fleet({ destination: { namespace: "{{ value.regoin }}" } }), ["apps/web"]);
  expect(typo.problems).toMatchObject([{ code: "PL-FLEET-MEMBER", message: "web-eu: there is no {{ value.regoin }}" }]);
  expect(expandFleet(fleet({}, { name: "{{ value.nope }}" }), ["apps/web"])).toMatchObject({
    nameless: 1,
    members: [],
  });
  const code = { destination: { namespace: "{{ path.name | upper }}" } };
  expect(expandFleet(fleet(code), ["apps/web"]).problems[0]?.message).toContain("{{ path.name | upper }}");
});

test("two that get one name are both named, and neither is made", () => {
  const made = expandFleet(fleet({}, { name: "{{ path.name }}" }), ["a/web", "b/web", "b/api"]);
  expect(names(made)).toEqual(["api"]);
  expect(made.problems).toMatchObject([
    { code: "PL-FLEET-NAME", message: expect.stringMatching(/^a\/web, .* and b\/web, .* both get the name web/) },
  ]);
  expect(made.unread).toEqual(["team-a/web"]);
});

test("paths that are excluded are left out; without a glob the path is a template", () => {
  expect(names(expandFleet(fleet({}, { exclude: ["apps/old-*"] }), ["apps/web", "apps/old-web"]))).toEqual(["web-eu"]);
  const source = { repo: "https://git.example/apps.git", path: "regions/{{ value.region }}" };
  const [one] = expandFleet(fleet({ source }, { name: "r-{{ value.region }}" }), [source.path]).members;
  expect(one?.spec.source.path).toBe("regions/eu");
});

test("ten thousand are made at once", () => {
  const paths = Array.from({ length: 10_000 }, (_, index) => `apps/a${index}`);
  const started = process.cpuUsage();
  const made = expandFleet(fleet(), paths);
  const { user, system } = process.cpuUsage(started);
  expect(made.members).toHaveLength(10_000);
  console.log(`10,000 members in ${Math.round((user + system) / 1000)} ms of CPU`);
});
