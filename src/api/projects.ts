import { Type } from "typebox";
import { ProjectSpecSchema } from "../model/index.ts";
import type { ProjectStatus } from "../sync/index.ts";
import { callerOf } from "./access.ts";
import type { Caller } from "./caller.ts";
import type { Api, ApiOptions } from "./options.ts";
import { list, ProblemSchema } from "./schemas.ts";

const ProjectAnswerSchema = Type.Object({
  name: Type.String(),
  spec: Type.Optional(Type.Immutable(ProjectSpecSchema)),
  applications: list(Type.String({ description: "`<namespace>/<name>` of each application that has these rules." })),
  held: list(Type.String({ description: "Those of them whose declaration breaks a rule: nothing of them is done." })),
  problems: list(ProblemSchema),
});

export const ProjectsAnswerSchema = Type.Object({ items: list(ProjectAnswerSchema) });

const schema = {
  operationId: "listProjects",
  summary: "Projects: what applications may do, and whose declaration breaks a rule",
  tags: ["applications"],
  response: { 200: ProjectsAnswerSchema },
};

/** Whoever sees one of its applications is told of a Project, and of its applications only those that he may see. */
export function projectsRoute(app: Api, { control }: ApiOptions): void {
  app.get("/api/v1/projects", { schema }, (request) => {
    const caller = callerOf(request);
    return Promise.resolve({ items: control.projects().flatMap((one) => visible(one, caller)) });
  });
}

function visible(project: ProjectStatus, { fleet, sees }: Caller): ProjectStatus[] {
  const applications = project.applications.filter(sees);
  if (!fleet && applications.length === 0) return [];
  return [{ ...project, applications, held: project.held.filter(sees) }];
}
