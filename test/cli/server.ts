import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { startApi } from "../api/api-fixture.ts";

/** The token that the server below asks for, where it asks for one. */
export const TOKEN = "a-long-random-token";

/** The real API on a free port, over a report with these statuses. */
export async function startServer(
  statuses: readonly ApplicationStatus[] = [],
  { withToken = false }: { readonly withToken?: boolean } = {},
) {
  const entries = [{ name: "ada", role: "operator" as const, sha256: hashToken(TOKEN) }];
  const authentication = createAuthenticator(() => entries);
  const { api, report, control } = await startApi(withToken ? { authentication } : {}, statuses);
  const url = await api.listen({ port: 0, host: "127.0.0.1" });
  return { url, report, control, close: () => api.close() };
}
