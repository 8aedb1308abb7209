import type { GitServer } from "../../git-server/index.ts";
import { CANARY } from "../kinds.ts";
import type { Fault } from "./types.ts";

/** A Git server that lies, and people who push what they should not. */
export const GIT_FAULTS: { readonly [name: string]: Fault } = {
  "Git answers 500": lying({ kind: "status", status: 500 }),
  "Git answers 503 with Retry-After": lying({ kind: "status", status: 503, headers: { "retry-after": "1" } }),
  "Git answers a page of HTML": lying({ kind: "answer", contentType: "text/html", body: "<html>welcome</html>" }),
  "Git sends half a pack": lying({ kind: "truncate", bytes: 700, only: "fetch" }),
  "Git sends half a pack as if it were whole": lying({ kind: "truncate", bytes: 700, quietly: true, only: "fetch" }),
  "Git sends a pack with a wrong byte": lying({ kind: "spoil", fromEnd: 60, only: "fetch" }),
  "Git does not answer": ({ stage: { git } }) => {
    git.pause();
    return () => git.resume();
  },
  "history rewritten": async ({ history, random }) => {
    await history.rewrite(random);
    return () => {};
  },
  "branch gone and back": async ({ history }) => {
    await history.loseBranch();
    return () => history.restoreBranch();
  },
  "broken commit": async ({ history, random }) => {
    const { path, text } = random.pick(WEEDS);
    await history.plantWeed(path, text);
    return () => history.weed();
  },
};

function lying(fault: NonNullable<GitServer["fault"]>): Fault {
  return ({ stage: { git } }) => {
    git.fault = fault;
    return () => {
      git.fault = undefined;
    };
  };
}

const metadata = { name: "weed", namespace: "soak" };

/** What YAML, what the schema and what the server refuses; two with a secret in the refused text. */
const WEEDS = [
  { path: "shop/weed.yaml", text: "kind: ConfigMap\n\tbroken: true\n" },
  { path: "data/weed.yaml", text: JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: [1] } }) },
  { path: "api/weed.yaml", text: JSON.stringify({ apiVersion: "v1", kind: "Sekret", metadata, data: { a: CANARY } }) },
  {
    path: "team/weed.yaml",
    text: JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata, data: { a: `${CANARY} is no base64` } }),
  },
  {
    path: "shop/weed.yaml",
    text: JSON.stringify({ apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 1 } }),
  },
];
