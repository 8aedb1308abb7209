import type { ManifestsPage } from "../../api/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { printManifests, printNotes } from "../print/manifests.ts";
import { printProblems, printWarnings } from "../print/problems.ts";
import { readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

/** What is in force, as the server renders it. Exits with `failed` where the newest revision is broken and these are of an older one. */
export async function renderApplication({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings({ output: "yaml", ...flags }, host);
  const client = new ApiClient(settings);
  const path = `${applicationPath(await findApplication(client, arg))}/manifests`;
  const { items, problems, warnings, notes } = await wholeAnswer(client, path);
  printWarnings(host, warnings);
  await printManifests(host, settings.output, items);
  printNotes(host, notes);
  return problems.length > 0 ? printProblems(host, problems) : EXIT.ok;
}

/** Begins anew when a commit comes between two pages: what is printed is of one revision. */
async function wholeAnswer(client: ApiClient, path: string): Promise<ManifestsPage> {
  const ask = (next?: string) => client.get<ManifestsPage>(path, { limit: "1000", continue: next });
  let first = await ask();
  let page = first;
  let items = [...first.items];
  while (page.next !== undefined) {
    page = await ask(page.next);
    if (page.revision === first.revision) items.push(...page.items);
    else {
      first = await ask();
      page = first;
      items = [...first.items];
    }
  }
  return { ...first, items };
}
