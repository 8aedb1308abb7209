import { compareText } from "../kit/compare-text.ts";
import { hashJson } from "../kit/hash.ts";
import {
  type Application,
  applicationName,
  DEFAULT_PROJECT,
  type Fleet,
  PlumblineError,
  type Problem,
  type Project,
  type ProjectSpec,
  type Ref,
  toProblem,
} from "../model/index.ts";
import {
  isNamed,
  judgeDeclaration,
  judgeRepository,
  mayNotDelete,
  type ProjectRules,
  serviceAccountProblem,
} from "../plan/index.ts";
import type { ReportStore } from "../report/index.ts";

/** All Projects, of files and of the cluster, as they are known now. */
export interface KnownProjects {
  readonly projects: readonly Project[];
  /** By name: those that are there and cannot be read. */
  readonly unread?: ReadonlyMap<string, Problem>;
  /** Why there may be others, in a sentence: until that is over nobody knows what anybody may do. */
  readonly unseen?: string;
}

/** What an application may do. */
export interface Ruled {
  /** Name of its Project, which may not be there. */
  readonly project?: string;
  /** Absent: everything. */
  readonly rules?: ProjectRules;
  /** Why it may do nothing at all. */
  readonly problems: readonly Problem[];
}

/** What it is that is judged. */
export interface Subject {
  readonly application: Pick<Application, "metadata" | "spec">;
  /** Declarer.id of whoever declares it. */
  readonly by: string;
}

/** A Project, and of whom it is. */
export interface ProjectStatus {
  readonly name: string;
  /** Absent where it cannot be read. */
  readonly spec?: ProjectSpec;
  /** Names of the applications whose rules these are. */
  readonly applications: readonly string[];
  /** Names of those that may not do what their declaration or their manifests say. */
  readonly held: readonly string[];
  readonly problems: readonly Problem[];
}

/** By what a Project is found. */
export interface Standing {
  /** Of the application, which is that of its object. */
  readonly namespace: string;
  readonly by: string;
  /** spec.project */
  readonly project: string | undefined;
  readonly cluster?: string | undefined;
}

interface TenancyParts {
  readonly ownNamespace: string;
  /** Name of the cluster where the application names none. */
  readonly cluster: string;
  /** Nobody does anything without a Project, not even where there is none. */
  readonly isRequired?: boolean | undefined;
  /** The application of a name, for those that others depend on. */
  readonly application: (name: string) => Application | undefined;
}

const FREE: Ruled = { problems: [] };
const REQUIRED = `this server wants a Project for each application (--projects required): it names none, and there is none named ${DEFAULT_PROJECT}`;

/**
 * What Projects say of each application. Without any Project everybody may do everything. An application names its Project, or has the one named `default`,
 * if there is one. From the first Project on, an Application object outside Plumbline's own namespace needs one that takes it (decision 0035); where Projects are required
 * everybody needs one, always.
 */
export class Tenancy {
  readonly #parts: TenancyParts;
  #known: KnownProjects = { projects: [] };
  #byName: ReadonlyMap<string, Project> = new Map();

  constructor(parts: TenancyParts) {
    this.#parts = parts;
  }

  get projects(): readonly Project[] {
    return this.#known.projects;
  }

  /** Projects that are there and cannot be read. */
  get unread(): ReadonlyMap<string, Problem> {
    return this.#known.unread ?? new Map();
  }

  /** Each Project, of whom it is, and who of them may not do what he says. */
  statuses(subjects: readonly Subject[], report: Pick<ReportStore, "get">): readonly ProjectStatus[] {
    const of = Map.groupBy(subjects, ({ application }) => this.nameOf(application) ?? "");
    const status = (name: string): Omit<ProjectStatus, "spec"> => {
      const members = of.get(name) ?? [];
      const names = (some: readonly Subject[]) => some.map(({ application }) => applicationName(application)).sort();
      const held = members.filter((one) => this.of(one).problems.length > 0 || isHeldBy(report, one));
      return { name, applications: names(members), held: names(held), problems: [] };
    };
    const read = this.projects.map(({ metadata, spec }) => ({ ...status(metadata.name), spec }));
    const unread = [...this.unread].map(([name, problem]) => ({ ...status(name), problems: [problem] }));
    return [...read, ...unread].sort((a, b) => compareText(a.name, b.name));
  }

  /** Replaces all that is known. Returns who of these may do something else now. */
  set(known: KnownProjects, subjects: readonly Subject[]): readonly Subject[] {
    const before = subjects.map((one) => this.#fingerprint(one));
    this.#known = known;
    this.#byName = new Map(known.projects.map((one) => [one.metadata.name, one]));
    return subjects.filter((one, i) => this.#fingerprint(one) !== before[i]);
  }

  /** The name of its project; undefined where it has none. */
  nameOf({ spec }: Pick<Application, "spec">): string | undefined {
    if (spec.project !== undefined) return spec.project;
    return this.#byName.has(DEFAULT_PROJECT) || this.unread.has(DEFAULT_PROJECT) ? DEFAULT_PROJECT : undefined;
  }

  of(subject: Subject): Ruled {
    const project = this.nameOf(subject.application);
    return project === undefined ? this.#judged(subject) : { project, ...this.#judged(subject) };
  }

  #judged({ application, by }: Subject): Ruled {
    const { metadata, spec } = application;
    const { namespace } = metadata;
    const standing = this.#standing({ namespace, by, project: spec.project, cluster: spec.destination.cluster });
    const unclear = serviceAccountProblem(application);
    const { rules, problems } = standing;
    if (rules === undefined || problems.length > 0)
      return unclear === undefined ? standing : { ...standing, problems: [...problems, unclear] };
    const broken = [...judgeDeclaration(application, rules), ...this.#dependencies(application, rules)];
    return { rules, problems: unclear === undefined ? broken : [...broken, unclear] };
  }

  /** May its repositories be asked at all. */
  mayRead(subject: Subject): boolean {
    return this.of(subject).problems.length === 0;
  }

  /** Why the folders of a declaration of many may not be looked at. Where its project is a template, whoever may write into our own namespace is trusted. */
  whyUnread({ metadata, spec }: Fleet, by: string): Problem | undefined {
    const { namespace } = metadata;
    const { project } = spec as { readonly project?: unknown };
    const named = typeof project === "string" && !project.includes("{{") ? project : undefined;
    const isTemplate = project !== undefined && named === undefined;
    if (isTemplate && !isGuest(namespace, by, this.#parts.ownNamespace)) return undefined;
    const { rules, problems } = this.#standing({ namespace, by, project: named });
    return problems[0] ?? (rules === undefined ? undefined : judgeRepository(spec.source, rules));
  }

  /** Why an application may not delete one of its objects, in a clause, by what is known of it: the declaration itself, or what its parent has. */
  whyKept(ref: Ref, standing: Standing): string | undefined {
    const { rules, problems } = this.#standing(standing);
    const [problem] = problems;
    if (problem !== undefined) return problem.message;
    return rules === undefined ? undefined : mayNotDelete(ref, rules);
  }

  #standing({ project: wanted, namespace, by, cluster = this.#parts.cluster }: Standing): Ruled {
    const { unseen, projects } = this.#known;
    const { ownNamespace } = this.#parts;
    if (unseen !== undefined) return barred("PL-PROJECT-UNSEEN", unseen);
    const name = wanted ?? DEFAULT_PROJECT;
    const unread = this.unread.get(name);
    if (unread !== undefined) return { problems: [unread] };
    const project = this.#byName.get(name);
    const isStranger = isGuest(namespace, by, ownNamespace);
    if (project === undefined) {
      if (wanted !== undefined) return barred("PL-PROJECT-MISSING", `there is no Project ${name}`);
      if (this.#parts.isRequired === true) return barred("PL-PROJECT-NONE", REQUIRED);
      if (!isStranger || projects.length === 0) return FREE;
      const message = `no Project takes Application objects without spec.project from namespace ${namespace}: there is none named ${DEFAULT_PROJECT}`;
      return barred("PL-PROJECT-NONE", message);
    }
    const rules = { project, ownNamespace, cluster };
    if (!isStranger || isNamed(project.spec.applicationNamespaces, namespace)) return { rules, problems: [] };
    const message = `Project ${name}, rule applicationNamespaces: ${namespace} is not among them`;
    return { rules, ...barred("PL-PROJECT-NAMESPACE", message, "metadata.namespace") };
  }

  /** Whoever waits for another is told how that one is. */
  #dependencies({ metadata, spec }: Pick<Application, "metadata" | "spec">, { project }: ProjectRules): Problem[] {
    return spec.dependsOn.flatMap(({ namespace = metadata.namespace, name }) => {
      const other = this.#parts.application(`${namespace}/${name}`);
      const otherProject = other === undefined ? project.metadata.name : (this.nameOf(other) ?? "");
      if (otherProject === project.metadata.name || isNamed(project.spec.dependencies, otherProject)) return [];
      const of = otherProject === "" ? "no project" : `project ${otherProject}`;
      const message = `Project ${project.metadata.name}, rule dependencies: application ${namespace}/${name} is of ${of}`;
      return barred("PL-PROJECT-DEPENDENCY", message, "spec.dependsOn").problems;
    });
  }

  #fingerprint(subject: Subject): string {
    const { rules, problems } = this.of(subject);
    return hashJson([applicationName(subject.application), rules?.project.spec ?? null, problems]);
  }
}

/** What it reads, or would write, breaks a rule: its pass has found out. */
function isHeldBy(report: Pick<ReportStore, "get">, { application }: Subject): boolean {
  const { problems = [] } = report.get(applicationName(application)) ?? {};
  return problems.some(({ code }) => code.startsWith("PL-PROJECT-"));
}

/** Declared by an Application object, or by one that makes many, outside Plumbline's own namespace. */
function isGuest(namespace: string, by: string, ownNamespace: string): boolean {
  return (by === "cluster" || by.startsWith("cluster ")) && namespace !== ownNamespace;
}

function barred(code: `PL-PROJECT-${string}` & Problem["code"], message: string, where = "spec.project"): Ruled {
  return { problems: [toProblem(new PlumblineError(code, { message, where }))] };
}
