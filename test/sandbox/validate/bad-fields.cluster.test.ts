import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { ask } from "../server-answers.ts";
import { BAD_FIELDS, withoutObject } from "./bad-fields.ts";

const JSON_TYPE = "application/json";

describeCluster("wrong fields that the real server is asked of", () => {
  test("get the answers that the sandbox gives", async () => {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace();
    for (const { name, plural, body, create = "", warnings, apply } of BAD_FIELDS) {
      const group = plural === "deployments" ? "/apis/apps/v1" : "/api/v1";
      const path = `${group}/namespaces/${namespace}/${plural}`;
      const posted = (policy: string) =>
        ask(plane, { method: "POST", path: `${path}?dryRun=All&fieldValidation=${policy}`, type: JSON_TYPE, body });
      const strict = await posted("Strict");
      expect([strict.code, strict.status.reason], name).toEqual([400, "BadRequest"]);
      expect(strict.status.message?.endsWith(`: ${create}`), `${name}: ${strict.status.message}`).toBe(true);
      if (warnings !== undefined) expect((await posted("Warn")).warnings, name).toEqual(warnings);
      if (apply === undefined) continue;
      const applied = await ask(plane, {
        method: "PATCH",
        path: `${path}/web?dryRun=All&fieldManager=test&force=true`,
        type: "application/apply-patch+yaml",
        body,
      });
      expect([applied.code, applied.status.reason], name).toEqual([500, undefined]);
      expect(withoutObject(applied.status.message ?? ""), name).toBe(apply);
    }
  });
});
