import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../../src/model/index.ts";
import KINDS from "../../../src/sandbox/kubernetes/catalogue/facts/kinds.json" with { type: "json" };
import TYPES from "../../../src/sandbox/kubernetes/catalogue/facts/types.json" with { type: "json" };
import { createCatalogue, discoveryDocument } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { askServerJson } from "../../controlplane/server-request.ts";
import { readFacts } from "../facts/facts.ts";

describeCluster("what the sandbox knows of kinds", () => {
  test("is what the real server publishes (npm run sandbox:facts writes it anew)", async () => {
    const { kinds, types } = await readFacts(sharedControlPlane());
    expect(Object.entries(kinds)).toEqual(Object.entries(KINDS));
    expect(Object.entries(types)).toEqual(Object.entries(TYPES));
  });

  describe("discovery", () => {
    const catalogue = createCatalogue();
    const served = new Set(
      catalogue.all().map(({ group, version }) => (group === "" ? `api/${version}` : `apis/${group}/${version}`)),
    );

    test.each([...served])("/%s is the real server's, less what the sandbox does not serve", async (path) => {
      const real = await askServerJson(sharedControlPlane(), `/${path}`);
      const ours = discoveryDocument(catalogue, path.split("/"), { aggregated: false });
      const names = new Set(resourcesOf(ours).map(({ name }) => name));
      const expected = resourcesOf(real).filter(({ name }) => names.has(name));
      expect(ours).toEqual({ ...(isJsonObject(real) ? real : {}), resources: expected });
    });
  });
});

/** Without the hash that tells storage migrators how objects are kept. */
function resourcesOf(document: unknown): JsonObject[] {
  const listed = isJsonObject(document) ? document["resources"] : [];
  return (Array.isArray(listed) ? listed : []).filter(isJsonObject).map(({ storageVersionHash: _, ...rest }) => rest);
}
