import type { Cluster } from "../../cluster/index.ts";
import type { Log } from "../../model/index.ts";
import type { Declarer } from "../../sync/index.ts";
import type { ClusterApplication } from "./cluster-applications.ts";
import { DeletionFinalizers } from "./deletion-finalizers.ts";

interface ApplicationObjectsSettings {
  readonly cluster: Cluster;
  /** As of StatusWriter. */
  readonly clusterFor: (name: string) => Cluster;
  readonly log: Log;
  readonly isInFile: (name: string) => boolean;
  /** This process writes its finalizer, and no other one does. */
  readonly owns: (name: string) => boolean;
  readonly onChange: (said: Omit<Declarer, "id">) => void;
}

const DEFINITION = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  name: "applications.plumbline.dev",
} as const;

/** What the Application objects declare: those in force, those that are being deleted, and those that are not understood. */
export class ApplicationObjects {
  readonly #settings: ApplicationObjectsSettings;
  readonly #finalizers: DeletionFinalizers;
  #all: readonly ClusterApplication[] = [];
  #looking: Promise<void> = Promise.resolve();

  constructor(settings: ApplicationObjectsSettings) {
    this.#settings = settings;
    this.#finalizers = new DeletionFinalizers(settings);
  }

  /** Every object of the kind. */
  set(all: readonly ClusterApplication[]): void {
    this.#all = all;
    this.#looking = this.#looking.then(() => this.#look());
  }

  /** There is none to be seen: nothing is declared there, and what was is not given up for it. */
  setUnseen(why: string): void {
    this.#all = [];
    this.#settings.onChange({ applications: [], unsure: why });
  }

  /** Nothing is left of what it declared. */
  ended(name: string): void {
    for (const one of this.#all) {
      if (one.name === name && one.object.metadata.deletionTimestamp !== undefined)
        this.#finalizers.release(one.object);
    }
  }

  async #look(): Promise<void> {
    const all = this.#all;
    const leaving = all.filter(isLeaving);
    // Who takes the definition away takes every Application with it, and means Plumbline, not what it has made.
    const isDoubtful = leaving.length > 0 || all.length === 0;
    const uninstalling = isDoubtful && (await this.#isDefinitionLeaving());
    this.#settings.onChange({
      applications: all.filter((one) => !isLeaving(one)).flatMap(({ application }) => application ?? []),
      fleets: all.filter((one) => !isLeaving(one)).flatMap(({ fleet }) => fleet ?? []),
      leaving: uninstalling ? [] : leaving.flatMap(({ application }) => application ?? []),
      leavingFleets: uninstalling ? [] : leaving.flatMap(({ fleet }) => fleet ?? []),
      unread: all.filter((one) => (one.application ?? one.fleet) === undefined).map(({ name }) => name),
      ...(uninstalling && { unsure: "the definition of Application is being deleted" }),
    });
    const mine = all.filter(({ name }) => this.#settings.owns(name));
    this.#finalizers.keep(mine, (name) => uninstalling || this.#settings.isInFile(name));
  }

  async #isDefinitionLeaving(): Promise<boolean> {
    const { cluster, log } = this.#settings;
    try {
      const definition = await cluster.get(DEFINITION);
      return definition === undefined || definition.metadata.deletionTimestamp !== undefined;
    } catch (error) {
      log.warn({ err: error }, "whether the definition of Application is being deleted cannot be seen: nobody leaves");
      return true;
    }
  }
}

function isLeaving({ object }: ClusterApplication): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}
