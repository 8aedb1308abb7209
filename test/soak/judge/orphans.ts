import { type KubeObject, PART_OF_LABEL } from "../../../src/model/index.ts";
import type { Direct } from "../direct.ts";
import { type Key, keyOf, type Wanted } from "../garden.ts";

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

/** Objects of any kind that the server has, with our label and wanted by no revision's end, one sentence each. */
export async function everyOrphan(direct: Direct, wanted: ReadonlyMap<Key, Wanted>): Promise<readonly string[]> {
  const { groups } = await direct.ask<{ groups: readonly { preferredVersion: { groupVersion: string } }[] }>({
    path: "/apis",
  });
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const found = await Promise.all(roots.map((root) => labelled(direct, root)));
  return found.flat().flatMap((object) => (wanted.has(keyOf(object)) ? [] : [`${keyOf(object)} is an orphan`]));
}

async function labelled(direct: Direct, root: string): Promise<KubeObject[]> {
  const { resources } = await direct.ask<{ resources: readonly Resource[] }>({ path: root });
  const listed = resources.filter(({ name, verbs }) => verbs.includes("list") && !name.includes("/"));
  const lists = await Promise.all(
    listed.map(async ({ name, kind }) =>
      (await direct.list(`${root}/${name}?labelSelector=${PART_OF_LABEL}`)).map((item) => ({ ...item, kind })),
    ),
  );
  return lists.flat().filter((object) => !isMadeByController(object));
}

/** Endpoints and their slices copy the labels of their Service; the controller that made them deletes them. */
export function isMadeByController({ kind, metadata }: KubeObject): boolean {
  const owners = (metadata["ownerReferences"] ?? []) as readonly { readonly controller?: boolean }[];
  return kind === "Endpoints" || owners.some(({ controller }) => controller === true);
}
