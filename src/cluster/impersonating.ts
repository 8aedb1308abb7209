import { PlumblineError } from "../model/index.ts";
import type { Credentials } from "./exec-credential.ts";

const HEADER = "impersonate-user";

/** The same credentials, in the name of a service account; the server adds its groups. Errors of the call: PL-CLUSTER-CONFIG, of credentials that are somebody's name already.
 *  Source: Kubernetes, "User impersonation". */
export function impersonating(
  credentials: () => Promise<Credentials>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): () => Promise<Credentials> {
  return async () => {
    const own = await credentials();
    if (HEADER in own.headers || namespace === "" || name === "") {
      const message = `the service account ${namespace}/${name} cannot be impersonated: it has no name, or the kubeconfig impersonates somebody already`;
      throw new PlumblineError("PL-CLUSTER-CONFIG", { message, next: "take `as` out of the kubeconfig's user" });
    }
    return { ...own, headers: { ...own.headers, [HEADER]: `system:serviceaccount:${namespace}:${name}` } };
  };
}
