import { type Application, PlumblineError, type Problem, toProblem } from "../../model/index.ts";

type Account = Pick<Application, "spec">;

/** `namespace/name` of spec.serviceAccount; undefined where the application names none, or it is not clear which one is meant. */
export function serviceAccountOf({ spec }: Account): string | undefined {
  const { serviceAccount, destination } = spec;
  if (serviceAccount === undefined || serviceAccount.includes("/")) return serviceAccount;
  return destination.namespace === undefined ? undefined : `${destination.namespace}/${serviceAccount}`;
}

/** Why it is not clear which one is meant: nothing may be done then, least of all as somebody else. */
export function serviceAccountProblem(application: Account): Problem | undefined {
  const { serviceAccount } = application.spec;
  if (serviceAccount === undefined || serviceAccountOf(application) !== undefined) return undefined;
  const message = `${serviceAccount} is a name alone, and the application has no destination namespace to look for it in`;
  return toProblem(new PlumblineError("PL-SERVICE-ACCOUNT", { message, where: "spec.serviceAccount" }));
}
