import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, SECRETS, secret } from "../objects.ts";
import {
  APPLY_PATCH,
  apply,
  get,
  MERGE_PATCH,
  patch,
  post,
  put,
  type Step,
  scenario,
  type Theme,
} from "../scenario.ts";

const A = `${CONFIG_MAPS}/a`;
const MANAGED = { managers: true };
const by = (manager: string, more = ""): string => `${A}?fieldManager=${manager}${more}`;
const container = (more: object): object => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  spec: { template: { spec: { containers: [{ name: "main", ...more }] } } },
});
const applyTo = (manager: string, body: unknown, more = ""): Step =>
  apply(`${DEPLOYMENTS}/d?fieldManager=${manager}${more}`, body);

export const APPLY: Theme = {
  name: "apply",
  scenarios: [
    scenario(
      "applying creates, owns, and changes nothing when it says the same again",
      [
        apply(A, configMap("a", { k: "1" })),
        apply(A, configMap("a", { k: "1" })),
        apply(A, configMap("a", { k: "2" })),
        get(A),
      ],
      MANAGED,
    ),
    scenario(
      "what is no longer applied goes, unless somebody else owns it, too",
      [
        apply(by("one"), configMap("a", { k: "1", l: "2", m: "3" })),
        apply(by("two"), configMap("a", { l: "2" })),
        apply(by("one"), configMap("a", { m: "3" })),
        apply(by("two"), configMap("a", {})),
        apply(by("one"), { apiVersion: "v1", kind: "ConfigMap" }),
      ],
      MANAGED,
    ),
    scenario(
      "another's field is a conflict, and force takes it",
      [
        apply(by("one"), configMap("a", { k: "1", l: "2" })),
        apply(by("two"), configMap("a", { k: "3", l: "4" })),
        apply(by("two", "&force=true"), configMap("a", { k: "3" })),
        apply(by("one"), configMap("a", { k: "1", l: "2" })),
        apply(by("one"), configMap("a", { k: "3", l: "2" })),
      ],
      MANAGED,
    ),
    scenario(
      "a hand edit owns what it changed, by its manager and operation",
      [
        apply(by("one"), configMap("a", { k: "1", l: "2" })),
        patch(MERGE_PATCH, by("hand"), { data: { k: "9" } }),
        apply(by("one"), configMap("a", { k: "1", l: "2" })),
        put(by("one"), configMap("a", { k: "8", l: "2" })),
        apply(by("one"), configMap("a", { k: "1", l: "2" })),
        apply(by("one", "&force=true"), configMap("a", { k: "1", l: "2" })),
      ],
      MANAGED,
    ),
    scenario(
      "an edit that deletes a field leaves it to nobody",
      [
        apply(A, configMap("a", { k: "1", l: "2" })),
        patch(MERGE_PATCH, by("hand"), { data: { k: null } }),
        apply(A, configMap("a", { k: "1", l: "2" })),
      ],
      MANAGED,
    ),
    scenario(
      "several managers conflict in one answer, each with its cause",
      [
        apply(by("one"), configMap("a", { k: "1" })),
        apply(by("two"), configMap("a", { l: "2" }, { labels: { x: "y" } })),
        apply(by("three"), configMap("a", { k: "5", l: "5" }, { labels: { x: "z" } })),
      ],
      MANAGED,
    ),
    scenario(
      "the entries of a keyed list are owned one by one",
      [
        applyTo("one", deployment("d", { replicas: 2 })),
        applyTo("two", container({ env: [{ name: "A", value: "1" }] })),
        applyTo("one", deployment("d")),
        applyTo("three", container({ image: "nginx:1.28" })),
        applyTo("three", container({ image: "nginx:1.28" }), "&force=true"),
        applyTo("two", { apiVersion: "apps/v1", kind: "Deployment", spec: {} }),
      ],
      MANAGED,
    ),
    scenario(
      "an apply needs a manager, and no managed fields",
      [
        patch(APPLY_PATCH, A, configMap("a")),
        apply(by("one"), configMap("a", {}, { managedFields: [{ manager: "x", operation: "Apply" }] })),
        apply(by("one"), configMap("a", {}, { managedFields: [] })),
        apply(by(encodeURIComponent("not\nprintable")), configMap("a")),
      ],
      MANAGED,
    ),
    scenario("an apply says what it is", [
      apply(A, { metadata: { name: "a" } }),
      apply(A, { apiVersion: "v1", metadata: { name: "a" } }),
      apply(A, { apiVersion: "v1", kind: "Secret", metadata: { name: "a" } }),
      apply(A, { apiVersion: "v2", kind: "ConfigMap", metadata: { name: "a" } }),
      apply(A, configMap("b")),
      apply(A, { apiVersion: "v1", kind: "ConfigMap" }),
      apply(`/api/v1/namespaces/absent-$ns/configmaps/a`, configMap("a")),
      apply(A, "a: b: c"),
      apply(A, "[]"),
    ]),
    scenario(
      "YAML is applied",
      [apply(A, 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  # what for\n  k: "1"\n')],
      MANAGED,
    ),
    scenario("an apply with another uid or a stale version is refused", [
      apply(A, configMap("a", {}, { uid: "11111111-2222-3333-4444-555555555555" })),
      post(CONFIG_MAPS, configMap("a")),
      apply(A, configMap("a", {}, { uid: "11111111-2222-3333-4444-555555555555" })),
      apply(A, configMap("a", { k: "v" }, { resourceVersion: "1" })),
    ]),
    scenario("values that the schema does not have are refused", [
      apply(A, { ...configMap("a"), unheard: 1 }),
      apply(A, configMap("a", { k: 1 })),
      apply(A, { ...configMap("a"), data: "text" }),
      apply(`${SECRETS}/s`, secret("s", { data: { k: "not base64!" } })),
      applyTo("one", deployment("d", { replicas: "three" })),
      applyTo("one", deployment("d", { template: { spec: { containers: [{ name: "x" }, { name: "x" }] } } })),
      apply(A, { ...configMap("a"), unheard: 1 }),
      apply(`${by("one")}&fieldValidation=Ignore`, { ...configMap("a"), unheard: 1 }),
    ]),
    scenario(
      "null, empty and false are applied as the schema says",
      [
        apply(A, configMap("a", { k: null, l: "" })),
        applyTo("one", deployment("d", { paused: false, minReadySeconds: 0, replicas: 0 })),
        applyTo("two", container({ env: [], args: [], command: null })),
      ],
      MANAGED,
    ),
    scenario(
      "a dry run owns nothing",
      [
        apply(by("one", "&dryRun=All"), configMap("a", { k: "1" })),
        get(A),
        apply(by("one"), configMap("a", { k: "1" })),
        apply(by("one", "&dryRun=All"), configMap("a", { k: "2" })),
        apply(by("two", "&dryRun=All"), configMap("a", { k: "2" })),
        get(A),
      ],
      MANAGED,
    ),
    scenario(
      "a managed entry may be removed by hand",
      [
        apply(by("one"), configMap("a", { k: "1" })),
        patch(MERGE_PATCH, by("hand"), { metadata: { managedFields: [{}] } }),
        apply(by("two"), configMap("a", { k: "2" })),
        apply(by("one"), configMap("a", { k: "1" })),
      ],
      MANAGED,
    ),
    scenario(
      "a Secret's stringData is owned as it was written",
      [
        apply(`${SECRETS}/s`, secret("s", { stringData: { user: "me" } })),
        apply(`${SECRETS}/s`, secret("s", { data: { pass: "eW91" } })),
      ],
      MANAGED,
    ),
  ],
};
