import { CONFIG_MAPS, configMap, labelled } from "../objects.ts";
import {
  ask,
  del,
  get,
  given,
  MERGE_PATCH,
  patch,
  post,
  said,
  scenario,
  type Theme,
  versionOf,
  watch,
} from "../scenario.ts";

const label = (name: string, value: string | null) =>
  given(patch(MERGE_PATCH, `${CONFIG_MAPS}/${name}`, { metadata: { labels: { tier: value } } }));

export const WATCHES: Theme = {
  name: "watches",
  scenarios: [
    scenario("a watch from a version tells what came after it", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "2" } })),
      given(post(CONFIG_MAPS, configMap("b"))),
      del(`${CONFIG_MAPS}/a`),
      watch(
        (answers) => ({ method: "GET", path: `${CONFIG_MAPS}?watch=true&resourceVersion=${versionOf(answers, 0)}` }),
        3,
      ),
    ]),
    scenario("a watch from a list tells what is written while it is open", [
      given(post(CONFIG_MAPS, configMap("a"))),
      get(CONFIG_MAPS),
      watch(
        (answers) => ({ method: "GET", path: `${CONFIG_MAPS}?watch=1&resourceVersion=${versionOf(answers, 1)}` }),
        3,
        [
          given(post(CONFIG_MAPS, configMap("b", { k: "1" }))),
          given(patch(MERGE_PATCH, `${CONFIG_MAPS}/b`, { data: { k: "2" } })),
          del(`${CONFIG_MAPS}/b`),
        ],
      ),
    ]),
    scenario("a watch without a version begins with what is there", [
      given(post(CONFIG_MAPS, configMap("b"))),
      given(post(CONFIG_MAPS, configMap("a"))),
      watch(`${CONFIG_MAPS}?watch=true`, 3, [post(CONFIG_MAPS, configMap("c"))]),
      watch(`${CONFIG_MAPS}?watch=true&resourceVersion=0`, 3),
    ]),
    scenario("a write that changes nothing is no event", [
      given(post(CONFIG_MAPS, configMap("a", { k: "1" }))),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "1" } })),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "2" } })),
      watch(
        (answers) => ({ method: "GET", path: `${CONFIG_MAPS}?watch=true&resourceVersion=${versionOf(answers, 0)}` }),
        1,
      ),
    ]),
    scenario("initial events end with a bookmark that says so", [
      given(post(CONFIG_MAPS, configMap("a"))),
      given(post(CONFIG_MAPS, configMap("b"))),
      watch(
        `${CONFIG_MAPS}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
        4,
        [post(CONFIG_MAPS, configMap("c"))],
      ),
    ]),
    scenario("initial events may be left out", [
      given(post(CONFIG_MAPS, configMap("a"))),
      watch(
        `${CONFIG_MAPS}?watch=true&sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
        1,
        [post(CONFIG_MAPS, configMap("b"))],
      ),
    ]),
    scenario("initial events need bookmarks and a match", [
      get(`${CONFIG_MAPS}?watch=true&sendInitialEvents=true`),
      get(`${CONFIG_MAPS}?watch=true&resourceVersionMatch=NotOlderThan`),
      get(`${CONFIG_MAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=Exact`),
      get(`${CONFIG_MAPS}?sendInitialEvents=true&resourceVersionMatch=NotOlderThan`),
    ]),
    scenario("what begins to match a selector is added, what ceases to match is deleted", [
      given(post(CONFIG_MAPS, labelled("a", { tier: "front" }))),
      label("a", "back"),
      label("a", "front"),
      given(post(CONFIG_MAPS, labelled("b", { tier: "back" }))),
      label("b", "front"),
      label("b", null),
      del(`${CONFIG_MAPS}/a`),
      watch(
        (answers) => ({
          method: "GET",
          path: `${CONFIG_MAPS}?watch=true&labelSelector=tier%3Dfront&resourceVersion=${versionOf(answers, 0)}`,
        }),
        5,
      ),
    ]),
    scenario("one object is watched by its name", [
      given(post(CONFIG_MAPS, configMap("a"))),
      given(post(CONFIG_MAPS, configMap("b"))),
      watch(`${CONFIG_MAPS}?watch=true&fieldSelector=metadata.name%3Db`, 2, [
        given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "1" } })),
        given(patch(MERGE_PATCH, `${CONFIG_MAPS}/b`, { data: { k: "1" } })),
      ]),
      watch("/api/v1/watch/namespaces/$ns/configmaps/b", 1),
      watch("/api/v1/watch/namespaces/$ns/configmaps", 2),
      watch(`${CONFIG_MAPS}/b?watch=true`, 1),
    ]),
    scenario("a watch ends after its time", [
      given(post(CONFIG_MAPS, configMap("a"))),
      watch(`${CONFIG_MAPS}?watch=true&timeoutSeconds=1`, Number.POSITIVE_INFINITY),
    ]),
    scenario("a watch from a version to come, or from none, is refused", [
      given(post(CONFIG_MAPS, configMap("a"))),
      watch(`${CONFIG_MAPS}?watch=true&resourceVersion=words`, 1),
      watch(`${CONFIG_MAPS}?watch=true&resourceVersion=-1`, 1),
    ]),
    scenario("a watch tells Tables and metadata where those are asked for", [
      given(post(CONFIG_MAPS, configMap("a", { k: "v" }))),
      watch(
        {
          method: "GET",
          path: `${CONFIG_MAPS}?watch=true`,
          headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
        },
        2,
        [post(CONFIG_MAPS, configMap("b"))],
      ),
      watch(
        {
          method: "GET",
          path: `${CONFIG_MAPS}?watch=true`,
          headers: { accept: "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io" },
        },
        2,
      ),
    ]),
    scenario("every namespace is watched at once", [
      given(post(CONFIG_MAPS, labelled("a", { only: "$ns" }))),
      watch("/api/v1/configmaps?watch=true&labelSelector=only%3D$ns", 2, [
        ask((answers) => ({
          method: "PUT",
          path: `${CONFIG_MAPS}/a`,
          body: { ...labelled("a", { only: "$ns", seen: said(answers, 0, "metadata", "name") }) },
        })),
      ]),
    ]),
  ],
};
