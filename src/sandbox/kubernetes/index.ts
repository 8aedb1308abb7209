import { createCatalogue } from "./catalogue/index.ts";
import { keepDefinitions } from "./housekeeping/definitions.ts";
import { collectGarbage } from "./housekeeping/garbage.ts";
import { emptyNamespaces } from "./housekeeping/namespaces.ts";
import { ObjectStore } from "./storage/object-store.ts";
import { PagedLists } from "./storage/paging.ts";
import type { Machine } from "./verbs/machine.ts";
import { objectAccess } from "./verbs/object-access.ts";

/** An empty cluster, with the housekeeping that a Kubernetes API server and its garbage collector do. */
export function createMachine({ now }: Pick<Machine, "now">): { readonly machine: Machine; stop(): void } {
  const machine: Machine = { catalogue: createCatalogue(), store: new ObjectStore(), lists: new PagedLists(), now };
  layNamespaces(machine);
  const ends = [keepDefinitions(machine), emptyNamespaces(machine), collectGarbage(machine)];
  return {
    machine,
    stop: () => {
      for (const end of ends) end();
    },
  };
}

/** The namespaces that every API server makes at its start. */
function layNamespaces(machine: Machine): void {
  const { create } = objectAccess(machine);
  for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
    create({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "kube-apiserver");
  }
}
