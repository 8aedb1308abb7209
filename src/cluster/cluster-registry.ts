import { type ClusterReach, type ClusterStatus, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { type ClusterKey, type ClusterLease, type Clusters, unknownCluster } from "./clusters.ts";
import { type KubernetesCluster, openCluster } from "./create-cluster.ts";
import type { ClusterDeclaration } from "./declaration.ts";
import { impersonating } from "./impersonating.ts";
import { Reach } from "./reach.ts";
import { refusingCluster } from "./refusing-cluster.ts";
import type { Cluster, ClusterSettings, LiveChange } from "./types.ts";

/** In this order: of two who declare one name the first has it. */
const SOURCES = ["files", "secrets"] as const;
export type ClusterSource = (typeof SOURCES)[number];

export interface RegistrySettings extends Omit<ClusterSettings, "kubeconfig" | "context"> {
  readonly home: KubernetesCluster;
  /** How home is reached: for those who go there as somebody else. */
  readonly homeDeclared: ClusterDeclaration;
}

interface Client {
  readonly cluster: KubernetesCluster;
  /** Of who asks as a service account: Plumbline's own, from which it has what the server says to everybody. */
  readonly own?: Client | undefined;
  /** Of the cluster. */
  readonly name: string;
  readonly unsubscribe: () => void;
  leases: number;
  resting?: NodeJS.Timeout;
}

/** A client that was only looked with, or that asks as a service account, is closed when nobody has had a lease of it for so long. */
const REST_MS = 60_000;
/** More of them than this do not rest: names of service accounts cost nothing, and clients do. */
const MOST_RESTING = 50;

/**
 * Every cluster that is declared, and the clients of those that somebody needs now: a client lives from its first lease to its last. What is declared in another
 * way is another client from then on; whoever works with the one before ends his work with it.
 */
export class ClusterRegistry implements Clusters {
  readonly home: KubernetesCluster;
  readonly #settings: RegistrySettings;
  readonly #said = new Map<ClusterSource, readonly ClusterDeclaration[]>();
  #declared: ReadonlyMap<string, ClusterDeclaration> = new Map();
  /** By key, those that are given to whoever asks now; clients before them live in their leases alone. */
  readonly #clients = new Map<string, Client>();
  readonly #all = new Set<Client>();
  /** Those without a lease, the one that was used least recently first. */
  readonly #resting = new Set<Client>();
  readonly #live = new Set<(change: LiveChange, cluster: string) => void>();
  readonly #changed = new Set<(cluster: string) => void>();
  readonly #turned = new Set<(cluster: string) => void>();
  readonly #endings: (() => void)[] = [];

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
    this.home = settings.home;
    this.endWith(this.#subscribe(settings.home, settings.home.name));
  }

  names(): readonly string[] {
    return [this.home.name, ...this.#declared.keys()];
  }

  lease(key: ClusterKey): ClusterLease {
    const client = this.#clientOf(key);
    if ("refused" in client) return { cluster: client.refused, release: () => {} };
    client.leases++;
    this.#resting.delete(client);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      client.leases--;
      if (client.leases > 0) return;
      if (key.serviceAccount !== undefined && this.#clients.get(keyText(key, this.home.name)) === client)
        this.#rest(client);
      else this.#closeIfIdle(client);
    };
    return { cluster: client.cluster, release };
  }

  of(key: ClusterKey): Cluster {
    const client = this.#clientOf(key);
    if ("refused" in client) return client.refused;
    if (client.leases === 0 && client.cluster !== this.home) this.#rest(client);
    return client.cluster;
  }

  onLive(listener: (change: LiveChange, cluster: string) => void): () => void {
    this.#live.add(listener);
    return () => this.#live.delete(listener);
  }

  onChange(listener: (cluster: string) => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  onTurn(listener: (cluster: string) => void): () => void {
    this.#turned.add(listener);
    return () => this.#turned.delete(listener);
  }

  /** All that one source declares now, in place of what it declared before. */
  declare(source: ClusterSource, list: readonly ClusterDeclaration[]): void {
    this.#said.set(
      source,
      list.map((one) => this.#orTheLastGood(source, one)),
    );
    const before = this.#declared;
    const all = SOURCES.flatMap((each) => this.#said.get(each) ?? []).filter(({ name }) => name !== this.home.name);
    this.#declared = new Map(all.toReversed().map((one) => [one.name, one]));
    for (const name of new Set([...before.keys(), ...this.#declared.keys()])) {
      const now = this.#declared.get(name);
      if (before.get(name)?.fingerprint !== now?.fingerprint) this.#redeclared(name, now);
    }
  }

  statuses(): readonly Omit<ClusterStatus, "applications">[] {
    const home = { name: this.home.name, declaredBy: this.#settings.homeDeclared.declaredBy };
    const state = this.home.state();
    const watches = state.watches + this.#watchesOf(home.name);
    return [
      { ...home, warnings: this.#settings.homeDeclared.warnings, ...state, watches },
      ...[...this.#declared.values()].map((one) => this.#statusOf(one)),
    ];
  }

  /** What ends when the registry is closed. */
  endWith(end: () => void): void {
    this.#endings.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.#endings) end();
    this.#clients.clear();
    await Promise.all([...this.#all].map(({ cluster }) => cluster.close()));
    this.#all.clear();
    await this.home.close();
  }

  #statusOf({ name, declaredBy, way, warnings }: ClusterDeclaration): Omit<ClusterStatus, "applications"> {
    const shown = { name, declaredBy, warnings };
    if ("error" in way) return { ...shown, state: "Refused", watches: 0, problem: toProblem(way.error) };
    const clients = [...this.#all].filter((one) => one.name === name);
    const own = this.#clients.get(keyText({ cluster: name })) ?? clients[0];
    const server = serverOf(way.at.access.cluster.server);
    if (own === undefined) return { ...shown, state: "Idle", server, watches: 0 };
    return { ...shown, ...own.cluster.state(), watches: this.#watchesOf(name) };
  }

  /** Of all clients but home, those of service accounts too. */
  #watchesOf(name: string): number {
    return [...this.#all].reduce((sum, one) => (one.name === name ? sum + one.cluster.state().watches : sum), 0);
  }

  /** A newer text that cannot be used changes nothing but what is said of it. */
  #orTheLastGood(source: ClusterSource, one: ClusterDeclaration): ClusterDeclaration {
    const last = this.#said.get(source)?.find(({ name, way }) => name === one.name && "at" in way);
    if (!("error" in one.way)) return one;
    const problem: Problem = toProblem(one.way.error);
    if (last === undefined || last.declaredBy !== one.declaredBy) return this.#told(one, problem);
    const { code, message } = problem;
    const told = `what it says now cannot be used, so the last good one stays in force: ${message} (${code})`;
    if (!last.warnings.includes(told)) this.#settings.log.error({ ...problem, cluster: one.name }, told);
    return { ...last, warnings: [told] };
  }

  #told(one: ClusterDeclaration, problem: Problem): ClusterDeclaration {
    if (this.#declared.get(one.name)?.fingerprint !== one.fingerprint)
      this.#settings.log.error({ ...problem, cluster: one.name }, "a cluster cannot be used as it is declared");
    return one;
  }

  #redeclared(name: string, now: ClusterDeclaration | undefined): void {
    const { log } = this.#settings;
    if (now === undefined) log.info({ cluster: name }, "a cluster is not declared any more");
    else log.info({ cluster: name, declaredBy: now.declaredBy }, "a cluster is declared");
    for (const warning of now?.warnings ?? []) log.warn({ cluster: name, declaredBy: now?.declaredBy }, warning);
    for (const [key, client] of [...this.#clients]) if (client.name === name) this.#clients.delete(key);
    for (const listen of this.#changed) listen(name);
    for (const client of [...this.#all]) if (client.name === name) this.#closeIfIdle(client);
  }

  #clientOf(key: ClusterKey): Client | { readonly refused: Cluster } {
    const name = key.cluster ?? this.home.name;
    const isHome = name === this.home.name;
    if (isHome && key.serviceAccount === undefined) return { ...NEVER_CLOSED, cluster: this.home, name };
    const known = this.#clients.get(keyText(key, name));
    if (known !== undefined) return known;
    const declared = isHome ? this.#settings.homeDeclared : this.#declared.get(name);
    if (declared === undefined) return { refused: refusingCluster(name, unknownCluster(name, this.names())) };
    try {
      return this.#open({ ...key, cluster: name }, declared);
    } catch (error) {
      if (error instanceof PlumblineError) return { refused: refusingCluster(name, error) };
      throw error;
    }
  }

  /** Errors: PL-CLUSTER-CONFIG, PL-KUBE-CONFIG. */
  #open(key: ClusterKey, { name, way }: ClusterDeclaration): Client {
    if ("error" in way) throw way.error;
    const onTurn = (): void => this.#tellTurn(name, reach.state());
    const reach: Reach = new Reach({ name, probe: (signal) => cluster.probe(signal), onTurn });
    const credentials =
      key.serviceAccount === undefined ? way.credentials : impersonating(way.credentials, key.serviceAccount);
    const own = key.serviceAccount === undefined ? undefined : this.#ownOf(name);
    const parts = { name, at: way.at, reach, credentials, common: own?.cluster.common };
    const cluster = openCluster(parts, this.#settings);
    const client: Client = { cluster, own, name, leases: 0, unsubscribe: this.#subscribe(cluster, name) };
    this.#clients.set(keyText(key), client);
    this.#all.add(client);
    this.#settings.log.debug({ cluster: name }, "the client of a cluster is opened");
    return client;
  }

  /** Leased until the account's client is closed. */
  #ownOf(name: string): Client | undefined {
    const own = this.#clientOf({ cluster: name });
    if ("refused" in own) return undefined;
    own.leases++;
    return own;
  }

  #rest(client: Client): void {
    this.#resting.delete(client);
    this.#resting.add(client);
    client.resting = client.resting?.refresh() ?? setTimeout(() => this.#closeIfIdle(client), REST_MS).unref();
    const [oldest] = this.#resting;
    if (oldest !== undefined && this.#resting.size > MOST_RESTING) this.#closeIfIdle(oldest);
  }

  #closeIfIdle(client: Client): void {
    if (client.leases > 0 || !this.#all.delete(client)) return;
    clearTimeout(client.resting);
    this.#resting.delete(client);
    for (const [key, one] of this.#clients) if (one === client) this.#clients.delete(key);
    client.unsubscribe();
    const { own } = client;
    if (own !== undefined) {
      own.leases--;
      this.#closeIfIdle(own);
    }
    const { log } = this.#settings;
    client.cluster.close().then(
      () => log.debug({ cluster: client.name }, "the client of a cluster is closed"),
      (error: unknown) => log.warn({ err: error, cluster: client.name }, "the client of a cluster was not closed well"),
    );
  }

  #subscribe(cluster: Cluster, name: string): () => void {
    return cluster.live.onChange((change) => {
      for (const listen of this.#live) listen(change, name);
    });
  }

  #tellTurn(name: string, { state, problem }: ClusterReach): void {
    const { log } = this.#settings;
    if (state === "Away") log.warn({ cluster: name, problem }, "the cluster does not answer; it is asked again");
    else log.info({ cluster: name }, "the cluster answers again");
    for (const listen of this.#turned) listen(name);
  }
}

/** Home lives as long as the process. */
const NEVER_CLOSED = { leases: 1, unsubscribe: () => {} };

/** `home`: the cluster of a key without one. */
function keyText({ cluster, serviceAccount }: ClusterKey, home = ""): string {
  return `${cluster ?? home} ${serviceAccount?.namespace ?? ""} ${serviceAccount?.name ?? ""}`;
}

function serverOf(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined) return "";
  return `${url.protocol}//${url.host}${url.pathname}`;
}
