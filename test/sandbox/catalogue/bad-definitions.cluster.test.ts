import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { ask } from "../server-answers.ts";
import { BAD_DEFINITIONS } from "./bad-definitions.ts";
import { definition } from "./definitions.ts";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All";

describeCluster("wrong definitions that the real server is asked of", () => {
  test("get the causes that the sandbox gives", async () => {
    for (const { name, changes, causes } of BAD_DEFINITIONS) {
      const { metadata, ...rest } = definition(changes);
      const body = JSON.stringify({ ...rest, metadata: { name: metadata.name } });
      const { code, status } = await ask(sharedControlPlane(), {
        method: "POST",
        path: PATH,
        type: "application/json",
        body,
      });
      const told = (status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
      expect([name, code, ...told.sort()]).toEqual([name, 422, ...[...causes].sort()]);
    }
  });
});
