import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { ask } from "../server-answers.ts";
import { BAD_PATCHES, DEPLOYMENT } from "./bad-patches.ts";

const TYPES = { json: "json-patch+json", merge: "merge-patch+json", strategic: "strategic-merge-patch+json" };

describeCluster("patches that the real server is asked", () => {
  test("get the answers that the sandbox gives", async () => {
    const plane = sharedControlPlane();
    const path = `/apis/apps/v1/namespaces/${await plane.createNamespace()}/deployments`;
    const json = "application/json";
    await ask(plane, { method: "POST", path, type: json, body: JSON.stringify(DEPLOYMENT) });
    for (const { name, type, patch, code, reason, message } of BAD_PATCHES) {
      const got = await ask(plane, {
        method: "PATCH",
        path: `${path}/web?dryRun=All`,
        type: `application/${TYPES[type]}`,
        body: JSON.stringify(patch),
      });
      expect(got.code, `${name}: ${JSON.stringify(got.status)}`).toBe(code);
      if (code !== 200) expect(got.status.reason, name).toBe(reason);
      if (message !== undefined) expect(got.status.message, name).toBe(message);
    }
  });
});
