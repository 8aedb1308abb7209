import type { ApplicationAnswer, ApplicationsPage } from "../../api/index.ts";
import { PlumblineError } from "../../model/index.ts";
import type { ApiClient } from "./api-client.ts";

/** `/api/v1/applications/<namespace>/<name>` of `<namespace>/<name>`. */
export function applicationPath(application: string): string {
  const [namespace = "", name = ""] = application.split("/");
  return `/api/v1/applications/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}

/**
 * What APP on a command line means: `namespace/name`, or a name alone, which is that of the namespace "default" or the only one of that name.
 * Errors: PL-USAGE where several have the name, PL-API-NOT-FOUND where none has.
 */
export async function findApplication(client: ApiClient, text: string): Promise<string> {
  if (/^[^/]+\/[^/]+$/.test(text)) return text;
  if (text === "" || text.includes("/")) {
    throw new PlumblineError("PL-USAGE", { message: "an application is named NAMESPACE/NAME or NAME", where: text });
  }
  if (await exists(client, `default/${text}`)) return `default/${text}`;
  const all = await client.all<ApplicationsPage["items"][number]>("/api/v1/applications");
  const found = all.filter(({ name }) => name === text).map(({ namespace }) => `${namespace}/${text}`);
  if (found.length > 1) {
    const message = `${found.length} applications are called ${text}: ${found.join(", ")}`;
    throw new PlumblineError("PL-USAGE", { message, where: text, next: "name the namespace too" });
  }
  if (found[0] !== undefined) return found[0];
  const next = "see `plumb get applications`";
  throw new PlumblineError("PL-API-NOT-FOUND", { message: `there is no application ${text}`, where: text, next });
}

async function exists(client: ApiClient, application: string): Promise<boolean> {
  try {
    await client.get<ApplicationAnswer>(applicationPath(application));
    return true;
  } catch (error) {
    if (error instanceof PlumblineError && error.code === "PL-API-NOT-FOUND") return false;
    throw error;
  }
}
