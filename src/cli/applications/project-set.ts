import { type LiveObject, type Log, PlumblineError, type Problem, type Project, toProblem } from "../../model/index.ts";
import type { KnownProjects } from "../../sync/index.ts";
import { formatMisfit } from "./application-document.ts";
import { readProject } from "./project-document.ts";

interface ProjectSetSettings {
  readonly log: Log;
  /** Plumbline's own: Projects of other namespaces are nobody's. */
  readonly namespace: string;
  readonly onChange: (known: KnownProjects) => void;
}

/** Projects of files and of the cluster as one set. A name in both means the file's; the other is told once. */
export class ProjectSet {
  readonly #settings: ProjectSetSettings;
  readonly #seen = Promise.withResolvers<void>();
  readonly #told = new Set<string>();
  #files: readonly Project[] = [];
  #cluster: KnownProjects = { projects: [], unseen: "the Projects of the cluster were not looked at yet" };

  constructor(settings: ProjectSetSettings) {
    this.#settings = settings;
    this.#changed();
  }

  /** Resolves when the cluster has answered, in whatever way. */
  get seen(): Promise<void> {
    return this.#seen.promise;
  }

  setFiles(projects: readonly Project[]): void {
    this.#files = projects;
    this.#changed();
  }

  /** Every object of the kind, of all namespaces. */
  setObjects(all: readonly LiveObject[]): void {
    const own = all.filter(({ metadata }) => metadata.namespace === this.#settings.namespace);
    for (const { metadata } of all) if (metadata.namespace !== this.#settings.namespace) this.#tellElsewhere(metadata);
    const projects: Project[] = [];
    const unread = new Map<string, Problem>();
    for (const { apiVersion, kind, metadata, spec } of own) {
      const { name } = metadata;
      const { project, misfits } = readProject({ apiVersion, kind, metadata: { name }, spec });
      if (project !== undefined) projects.push(project);
      else unread.set(name, invalid(name, misfits.map(formatMisfit).join("; ")));
    }
    this.#setCluster({ projects, unread });
  }

  /** The cluster does not know the kind. */
  setAbsent(): void {
    this.#setCluster({ projects: [] });
  }

  setUnseen(why: string): void {
    this.#setCluster({ projects: [], unseen: why });
  }

  #setCluster(known: KnownProjects): void {
    this.#cluster = known;
    this.#changed();
    this.#seen.resolve();
  }

  #changed(): void {
    const inFile = new Set(this.#files.map(({ metadata }) => metadata.name));
    const { projects, unread = new Map<string, Problem>(), ...rest } = this.#cluster;
    for (const { metadata } of projects)
      if (inFile.has(metadata.name))
        this.#tell(metadata.name, "declared in a file and in the cluster; the file counts");
    this.#settings.onChange({
      ...rest,
      projects: [...this.#files, ...projects.filter(({ metadata }) => !inFile.has(metadata.name))],
      unread: new Map([...unread].filter(([name]) => !inFile.has(name))),
    });
  }

  #tellElsewhere({ namespace, name }: LiveObject["metadata"]): void {
    const own = this.#settings.namespace;
    this.#tell(`${namespace}/${name}`, `a Project counts for nothing outside Plumbline's own namespace, ${own}`);
  }

  #tell(project: string, sentence: string): void {
    if (this.#told.has(project)) return;
    this.#told.add(project);
    this.#settings.log.warn({ project }, sentence);
  }
}

function invalid(name: string, message: string): Problem {
  return toProblem(
    new PlumblineError("PL-PROJECT-INVALID", { message: `Project ${name}: ${message}`, where: "spec.project" }),
  );
}
