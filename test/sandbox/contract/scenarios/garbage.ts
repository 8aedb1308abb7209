import { CONFIG_MAPS, configMap, DEPLOYMENTS, deployment, NAMESPACES, PODS } from "../objects.ts";
import { isRecord } from "../records.ts";
import {
  type Answer,
  ask,
  type Call,
  del,
  get,
  given,
  MERGE_PATCH,
  patch,
  picked,
  post,
  type Step,
  said,
  scenario,
  type Theme,
  until,
} from "../scenario.ts";

const isGone = ({ status }: Answer): boolean => status === 404;

/** Owned by what the first answer created. */
function owned(name: string, more: object = {}): Step {
  return given(
    ask((answers): Call => {
      const owner = {
        apiVersion: "v1",
        kind: "ConfigMap",
        name: "owner",
        uid: said(answers, 0, "metadata", "uid"),
        ...more,
      };
      return { method: "POST", path: CONFIG_MAPS, body: configMap(name, {}, { ownerReferences: [owner] }) };
    }),
  );
}

const hasNoOwner = ({ body }: Answer): boolean => !JSON.stringify(body).includes('"ownerReferences"');

/** Who wrote last and how often is the controllers' own pace. */
const unversioned = (step: Step): Step =>
  picked(step, (body) =>
    JSON.parse(JSON.stringify(body), (key, value: unknown) => (key === "resourceVersion" ? undefined : value)),
  );

export const GARBAGE: Theme = {
  name: "garbage",
  controllers: true,
  scenarios: [
    scenario("what is owned goes after its owner", [
      given(post(CONFIG_MAPS, configMap("owner"))),
      owned("owned"),
      del(`${CONFIG_MAPS}/owner`),
      until(get(`${CONFIG_MAPS}/owned`), isGone),
    ]),
    scenario("what is orphaned stays, and names its owner no more", [
      given(post(CONFIG_MAPS, configMap("owner"))),
      owned("owned"),
      del(`${CONFIG_MAPS}/owner`, { propagationPolicy: "Orphan" }),
      until(get(`${CONFIG_MAPS}/owner`), isGone),
      unversioned(until(get(`${CONFIG_MAPS}/owned`), hasNoOwner)),
    ]),
    scenario("in the foreground the owner waits for what blocks it", [
      given(post(CONFIG_MAPS, configMap("owner"))),
      owned("blocking", { blockOwnerDeletion: true }),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/blocking`, { metadata: { finalizers: ["example.com/hold"] } })),
      unversioned(del(`${CONFIG_MAPS}/owner`, { propagationPolicy: "Foreground" })),
      unversioned(
        until(get(`${CONFIG_MAPS}/blocking`), ({ body }) => JSON.stringify(body).includes("deletionTimestamp")),
      ),
      unversioned(get(`${CONFIG_MAPS}/owner`)),
      unversioned(patch(MERGE_PATCH, `${CONFIG_MAPS}/blocking`, { metadata: { finalizers: [] } })),
      until(get(`${CONFIG_MAPS}/owner`), isGone),
    ]),
    scenario("an owner that never was makes garbage at once", [
      given(
        post(
          CONFIG_MAPS,
          configMap(
            "lost",
            {},
            {
              ownerReferences: [
                { apiVersion: "v1", kind: "ConfigMap", name: "never", uid: "11111111-2222-3333-4444-555555555555" },
              ],
            },
          ),
        ),
      ),
      until(get(`${CONFIG_MAPS}/lost`), isGone),
    ]),
    scenario("a namespace that goes is emptied first", [
      given(post(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: "gone-$ns" } })),
      given(post("/api/v1/namespaces/gone-$ns/configmaps", configMap("a"))),
      unversioned(del(`${NAMESPACES}/gone-$ns`)),
      until(get(`${NAMESPACES}/gone-$ns`), isGone),
      get("/api/v1/namespaces/gone-$ns/configmaps/a"),
      post("/api/v1/namespaces/gone-$ns/configmaps", configMap("a")),
    ]),
    scenario("a namespace that is held takes nothing new, and says what holds it", [
      given(post(NAMESPACES, { apiVersion: "v1", kind: "Namespace", metadata: { name: "held-$ns" } })),
      given(post("/api/v1/namespaces/held-$ns/configmaps", configMap("a", {}, { finalizers: ["example.com/hold"] }))),
      given(del(`${NAMESPACES}/held-$ns`)),
      until(get("/api/v1/namespaces/held-$ns/configmaps/a"), ({ body }) =>
        JSON.stringify(body).includes("deletionTimestamp"),
      ),
      post("/api/v1/namespaces/held-$ns/configmaps", configMap("b")),
      picked(
        until(get(`${NAMESPACES}/held-$ns`), ({ body }) => JSON.stringify(body).includes("example.com/hold in")),
        conditionsOf,
      ),
      given(patch(MERGE_PATCH, "/api/v1/namespaces/held-$ns/configmaps/a", { metadata: { finalizers: [] } })),
      until(get(`${NAMESPACES}/held-$ns`), isGone),
    ]),
    scenario("a Deployment that is deleted takes its Pods along", [
      given(post(DEPLOYMENTS, deployment("d"))),
      given(
        until(get(`${PODS}?labelSelector=app%3Dd`), ({ body }) => JSON.stringify(body).includes('"phase":"Running"')),
      ),
      given(del(`${DEPLOYMENTS}/d`, { propagationPolicy: "Foreground" })),
      until(get(`${DEPLOYMENTS}/d`), isGone),
      picked(
        until(get(`${PODS}?labelSelector=app%3Dd`), ({ body }) => JSON.stringify(body).includes('"items":[]')),
        (body) => (isRecord(body) ? body["items"] : body),
      ),
    ]),
  ],
};

function conditionsOf(body: unknown): unknown {
  const status = isRecord(body) ? body["status"] : undefined;
  const conditions =
    isRecord(status) && Array.isArray(status["conditions"]) ? status["conditions"].filter(isRecord) : [];
  return conditions.map(({ lastTransitionTime: _, ...condition }) => condition);
}
