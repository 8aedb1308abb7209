import type { ApplicationStatus, TriggerKind } from "../model/index.ts";
import type { Entries } from "./entries.ts";
import type { Entry } from "./entry.ts";
import type { Fleets } from "./fleet/fleets.ts";
import { lookAtNewer } from "./newer.ts";
import { Repositories } from "./repositories.ts";
import { sourceKey, sourcesOf } from "./source-names.ts";
import type { Tenancy } from "./tenancy.ts";
import type { Delivery, SyncSettings } from "./types.ts";

export interface PolledParts {
  readonly settings: SyncSettings;
  readonly random: () => number;
  readonly entries: Entries;
  readonly fleets: Fleets;
  readonly tenancy: Tenancy;
  /** A pass of it is asked for and has not begun. */
  readonly isWaiting: (name: string) => boolean;
  readonly trigger: (name: string, kind: TriggerKind) => void;
  /** A newer revision of it is named, without a pass. */
  readonly onNamed: (name: string, status: ApplicationStatus) => void;
}

/** Which repositories are polled, and who hears of what they say. */
export class Polled {
  readonly repositories: Repositories;
  readonly #parts: PolledParts;

  constructor(parts: PolledParts) {
    this.#parts = parts;
    const { settings, random } = parts;
    const { source, log, jitter = 0.1, division } = settings;
    this.repositories = new Repositories({
      ...{ source, log, jitter, random, division },
      onPolled: (repo, kind) => void this.#moved(repo, kind),
    });
  }

  /** All that applications and declarations of many name, and may read. */
  follow(): void {
    const { entries, tenancy, fleets } = this.#parts;
    const readable = [...entries.all.values()].filter((entry) => this.#isReadable(entry, tenancy));
    this.repositories.follow([...readable.map(({ application }) => application), ...fleets.sources()]);
  }

  /** Resolves when all that it is rendered from was asked after this call. */
  async refresh(entry: Entry): Promise<void> {
    const isReadable = this.#isReadable(entry, this.#parts.tenancy);
    const sources = isReadable ? sourcesOf(entry.application.spec).map(sourceKey) : [];
    await Promise.all(sources.map((source) => this.repositories.refresh(source, "commit")));
  }

  delivered({ urls }: Delivery): readonly string[] {
    const repos = this.repositories.meant(urls);
    for (const repo of repos) void this.repositories.refresh(repo, "webhook");
    return this.#parts.entries.renderedFrom(repos);
  }

  #isReadable({ application, declaredBy: by }: Entry, tenancy: Tenancy): boolean {
    return tenancy.mayRead({ application, by });
  }

  async #moved(repo: string, kind: TriggerKind): Promise<void> {
    const { entries, fleets, settings, isWaiting, trigger, onNamed } = this.#parts;
    fleets.look(({ spec }) => sourceKey(spec.source) === repo);
    await lookAtNewer(repo, {
      ...{ entries, source: settings.source, isWaiting, onNamed },
      onMoved: (name) => trigger(name, kind),
      onDoubt: (name) => trigger(name, "interval"),
    });
  }
}
