import { CONFIG_MAPS, configMap, labelled } from "../objects.ts";
import {
  ask,
  FORGET,
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

export const FORGETTING: Theme = {
  name: "forgetting",
  alone: true,
  scenarios: [
    scenario("a watch from a forgotten version is told that it is gone, in an event", [
      post(CONFIG_MAPS, configMap("a")),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "1" } })),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "2" } })),
      FORGET,
      watch(
        (answers) => ({ method: "GET", path: `${CONFIG_MAPS}?watch=true&resourceVersion=${versionOf(answers, 0)}` }),
        1,
      ),
      get(`${CONFIG_MAPS}/a`),
    ]),
    scenario("a list of a forgotten version is gone, and so are its further pages", [
      given(post(CONFIG_MAPS, labelled("a", {}))),
      post(CONFIG_MAPS, labelled("b", {})),
      given(post(CONFIG_MAPS, labelled("c", {}))),
      get(`${CONFIG_MAPS}?limit=1`),
      given(patch(MERGE_PATCH, `${CONFIG_MAPS}/a`, { data: { k: "1" } })),
      FORGET,
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?limit=1&continue=${encodeURIComponent(said(answers, 3, "metadata", "continue"))}`,
      })),
      ask((answers) => ({
        method: "GET",
        path: `${CONFIG_MAPS}?resourceVersionMatch=Exact&resourceVersion=${versionOf(answers, 1)}`,
      })),
      get(CONFIG_MAPS),
    ]),
  ],
};
