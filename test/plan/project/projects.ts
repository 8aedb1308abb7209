import { Value } from "typebox/value";
import { type Project, ProjectSchema } from "../../../src/model/index.ts";
import type { ProjectRules } from "../../../src/plan/index.ts";

/** A Project as its file is read: defaults filled in. */
export function project(name: string, spec: object = {}): Project {
  const document = { apiVersion: "plumbline.dev/v1alpha1", kind: "Project", metadata: { name }, spec };
  return Value.Parse(ProjectSchema, Value.Default(ProjectSchema, document));
}

/** The rules of a shop's project: its repositories, its namespaces, everything in them but Secrets. */
export const SHOP = {
  repositories: ["https://git.example/shop/*", "https://charts.example/stable"],
  destinations: [{ cluster: "*", namespaces: ["shop", "shop-*"] }],
  kinds: { deny: ["Secret"] },
};

export function rulesOf(spec: object = SHOP, rest: Partial<ProjectRules> = {}): ProjectRules {
  return { project: project("shop", spec), ownNamespace: "plumbline-system", cluster: "here", ...rest };
}
