import type { Fault } from "./types.ts";

/** On the way from Plumbline to the API server. */
export const CONNECTION_FAULTS: { readonly [name: string]: Fault } = {
  "connection cut in an answer": ({ stage: { proxy }, random }) => {
    proxy.cutAfter(random.between(200, 20_000));
    return () => {};
  },
  "connections refused": ({ stage: { proxy } }) => {
    proxy.refuse();
    return () => proxy.accept();
  },
  "connections silent": ({ stage: { proxy } }) => {
    proxy.silence();
    return () => {};
  },
};
