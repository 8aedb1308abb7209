import type { Fault } from "./types.ts";

/** Both come back by themselves, on their ports and with their data, as under a supervisor. */
export const SERVER_FAULTS: { readonly [name: string]: Fault } = {
  "kube-apiserver restarted": async ({ stage: { plane } }) => {
    await plane.killApiserver();
    const back = plane.startApiserver();
    return () => back;
  },
  "etcd restarted": async ({ stage: { plane } }) => {
    await plane.killEtcd();
    const back = plane.startEtcd();
    return () => back;
  },
};
