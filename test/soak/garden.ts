import type { KubeObject } from "../../src/model/index.ts";
import { kindOf, WIDGET_DEFINITION } from "./kinds.ts";
import type { Random } from "./random.ts";

/** "Kind namespace/name" */
export type Key = string;

export interface Wanted {
  /** "default/shop" */
  readonly application: string;
  readonly object: KubeObject;
}

interface Bed {
  readonly application: string;
  readonly kinds: readonly string[];
  /** Objects get one of these waves. */
  readonly waves: readonly number[];
}

const PLAIN = ["ConfigMap", "Secret", "Service", "Deployment"];

/** Folder of an application and what grows there. */
export const BEDS: { readonly [folder: string]: Bed } = {
  shop: { application: "default/shop", kinds: PLAIN, waves: [] },
  data: { application: "default/data", kinds: PLAIN, waves: [0, 1, 2] },
  api: { application: "default/api", kinds: PLAIN, waves: [] },
  lab: { application: "default/lab", kinds: ["Widget", "ConfigMap"], waves: [] },
  team: { application: "team/team", kinds: PLAIN, waves: [] },
};
export const CHART_APPLICATION = "default/chart";
export const NAMESPACE = "soak";

const LEAST = 6;
const MOST = 14;

interface Plant {
  readonly folder: string;
  readonly file: string;
  readonly object: KubeObject;
}

/** What the repository holds, as a model of its own: files, and the objects that they want of the cluster. */
export class Garden {
  readonly #plants = new Map<Key, Plant>();
  readonly #chart = new Map<string, string>();
  readonly #withChart: boolean;
  #count = 0;

  constructor(random: Random, { chart }: { readonly chart: boolean }) {
    this.#withChart = chart;
    this.#put({ folder: "lab", file: "definition.yaml", object: WIDGET_DEFINITION });
    for (const folder of Object.keys(BEDS)) for (let i = 0; i < LEAST + 1; i++) this.#add(folder, random);
    for (let i = 0; i < LEAST; i++) this.#chart.set(random.word(), random.word());
  }

  /** Everything, as the first commit or a rewritten history has it. */
  files(): { [path: string]: string } {
    const files = [...this.#plants.values()].map((plant) => [pathOf(plant), textOf(plant)] as const);
    return { ...Object.fromEntries(files), ...(this.#withChart ? this.#chartFiles() : {}) };
  }

  wanted(): ReadonlyMap<Key, Wanted> {
    const wanted = new Map<Key, Wanted>();
    for (const [key, { folder, object }] of this.#plants) {
      wanted.set(key, { application: BEDS[folder]?.application ?? "", object });
    }
    if (!this.#withChart) return wanted;
    for (const [name, value] of this.#chart) {
      const object = {
        ...{ apiVersion: "v1", kind: "ConfigMap" },
        ...{ metadata: { name: `chart-${name}`, namespace: NAMESPACE }, data: { value } },
      };
      wanted.set(keyOf(object), { application: CHART_APPLICATION, object });
    }
    return wanted;
  }

  /** Changes the model; what files() says afterwards against before is the commit. Gives what was done, in words. */
  change(random: Random): string {
    const verb = random.pick(["add", "change", "change", "change", "remove", "move", "rename", "chart"] as const);
    if (verb === "chart") return this.#changeChart(random);
    if (verb === "add") return this.#add(this.#emptiest(random), random);
    const [key, plant] = random.pick([...this.#plants].filter(([, { object }]) => object !== WIDGET_DEFINITION));
    const alone = this.#in(plant.folder) <= LEAST;
    if (verb === "change" || (alone && verb !== "rename")) return this.#vary(key, plant, random);
    if (verb === "move") return this.#move(key, plant, random);
    this.#plants.delete(key);
    if (verb === "remove") return `remove ${key}`;
    const name = `${plant.object.metadata.name}-r${this.#count++}`;
    const renamed = { ...plant.object, metadata: { ...plant.object.metadata, name } };
    this.#put({ ...plant, object: renamed, file: `${plant.object.kind}-${name}.yaml`.toLowerCase() });
    return `rename ${key} to ${name}`;
  }

  #vary(key: Key, plant: Plant, random: Random): string {
    const { apiVersion, kind, metadata } = plant.object;
    const object = { apiVersion, kind, metadata, ...kindOf(plant.object).vary(plant.object, random) };
    // The same object may as well come to stand in another file.
    const file = random.chance(0.2) ? `other-${random.word()}.yaml` : plant.file;
    this.#plants.set(key, { ...plant, object, file });
    return `change ${key}`;
  }

  #move(key: Key, plant: Plant, random: Random): string {
    const others = Object.keys(BEDS).filter(
      (folder) => folder !== plant.folder && BEDS[folder]?.kinds.includes(plant.object.kind) && this.#in(folder) < MOST,
    );
    if (others.length === 0) return this.#vary(key, plant, random);
    const folder = random.pick(others);
    this.#plants.set(key, { ...plant, folder });
    return `move ${key} from ${plant.folder} to ${folder}`;
  }

  #changeChart(random: Random): string {
    const name = random.pick([...this.#chart.keys()]);
    if (this.#chart.size > LEAST) this.#chart.delete(name);
    else this.#chart.set(random.chance(0.5) ? name : random.word(), random.word());
    return "change the chart's values";
  }

  #add(folder: string, random: Random): string {
    const bed = BEDS[folder];
    if (bed === undefined) throw new Error(`there is no folder ${folder}`);
    const kind = kindOf({ kind: random.pick(bed.kinds) });
    const name = `${random.pick(["ash", "elm", "fir", "oak", "yew"])}-${this.#count++}`;
    const wave = bed.waves.length === 0 ? {} : { "plumbline.dev/wave": String(random.pick(bed.waves)) };
    const annotations = Object.keys(wave).length === 0 ? {} : { annotations: wave };
    const object = {
      ...{ apiVersion: kind.apiVersion, kind: kind.kind },
      ...{ metadata: { name, namespace: NAMESPACE, ...annotations }, ...kind.make(random) },
    };
    this.#put({ folder, object, file: `${kind.kind}-${name}.yaml`.toLowerCase() });
    return `add ${keyOf(object)} to ${folder}`;
  }

  #emptiest(random: Random): string {
    const folders = random.shuffled(Object.keys(BEDS));
    return folders.sort((a, b) => this.#in(a) - this.#in(b))[0] ?? "shop";
  }

  #in(folder: string): number {
    return [...this.#plants.values()].filter((plant) => plant.folder === folder).length;
  }

  #put(plant: Plant): void {
    this.#plants.set(keyOf(plant.object), plant);
  }

  #chartFiles(): { [path: string]: string } {
    return {
      "chart/Chart.yaml": "apiVersion: v2\nname: soak\nversion: 1.0.0\n",
      "chart/values.yaml": JSON.stringify({ entries: Object.fromEntries(this.#chart) }),
      "chart/templates/all.yaml": CHART_TEMPLATE,
    };
  }
}

const CHART_TEMPLATE = `{{ range $name, $value := .Values.entries }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: "chart-{{ $name }}", namespace: ${NAMESPACE} }
data: { value: {{ $value | quote }} }
{{ end }}
`;

export function keyOf({ kind, metadata }: Pick<KubeObject, "kind" | "metadata">): Key {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function pathOf({ folder, file }: Plant): string {
  return `${folder}/${file}`;
}

function textOf({ object }: Plant): string {
  return `${JSON.stringify(object, null, 2)}\n`;
}

/** What a commit must say for the repository to have exactly these files. */
export function changesBetween(
  before: { readonly [path: string]: string },
  after: { readonly [path: string]: string },
): { [path: string]: string | null } {
  const gone = Object.keys(before).filter((path) => after[path] === undefined);
  const changed = Object.entries(after).filter(([path, text]) => before[path] !== text);
  return { ...Object.fromEntries(gone.map((path) => [path, null])), ...Object.fromEntries(changed) };
}
