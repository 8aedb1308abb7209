import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { type ApplicationStatus, PlumblineError } from "../model/index.ts";
import { detailView, type ReportStore } from "../report/index.ts";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import {
  ApplicationParams,
  AsOf,
  ChangeCountsSchema,
  HealthSchema,
  IdentityFields,
  list,
  PassSchema,
  PinSchema,
  ProblemSchema,
  RefSchema,
  SourceFields,
  SuspensionSchema,
  SyncSchema,
  Time,
  WaitingFields,
} from "./schemas.ts";

const SourceStatusSchema = Type.Object({
  ...SourceFields,
  author: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String({ description: "First line of the commit's message." })),
  checkedAt: Type.Optional(Time("When the repository last answered.")),
  stale: Type.Optional(Type.Object({ since: Time("When it stopped answering."), problem: ProblemSchema })),
});

export const ApplicationAnswerSchema = Type.Object({
  ...IdentityFields,
  sync: SyncSchema,
  health: Type.Object({ ...HealthSchema.properties, decidedBy: Type.Optional(RefSchema) }),
  source: SourceStatusSchema,
  pin: Type.Optional(PinSchema),
  suspended: Type.Optional(SuspensionSchema),
  objects: Type.Integer(),
  changes: ChangeCountsSchema,
  lastPass: Type.Optional(PassSchema),
  lastSync: Type.Optional(PassSchema),
  problems: list(ProblemSchema),
  warnings: list(Type.String()),
  ...WaitingFields,
  awaitsApproval: Type.Optional(Type.String({ description: "Hash of the plan that waits for an approval." })),
  asOf: AsOf,
  nextPassAt: Type.Optional(Time("The next pass at the latest.")),
});

const schema = {
  operationId: "getApplication",
  summary: "One application: its verdicts, its source, its last passes and what is wrong",
  tags: ["applications"],
  params: ApplicationParams,
  response: { 200: ApplicationAnswerSchema },
};

/** `<namespace>/<name>` of the address. Errors: PL-API-NOT-FOUND where the caller may not see it, as if it were not there. */
export function applicationOf(request: FastifyRequest, { namespace, name }: Static<typeof ApplicationParams>): string {
  const application = `${namespace}/${name}`;
  if (callerOf(request).sees(application)) return application;
  throw noSuchApplication(application);
}

export function noSuchApplication(application: string): PlumblineError {
  return new PlumblineError("PL-API-NOT-FOUND", {
    message: `there is no application ${application}`,
    where: application,
    next: "see /api/v1/applications for those there are",
  });
}

/** The application that the address names, where it is declared, or there is something of it here. Errors: PL-API-NOT-FOUND. */
export function knownTo(
  request: FastifyRequest,
  params: Static<typeof ApplicationParams>,
  { report, control }: Pick<ApiOptions, "report" | "control">,
): string {
  const application = applicationOf(request, params);
  if (control.application(application) === undefined) statusFor(request, params, report);
  return application;
}

/** The status of the application that the address names. Errors: PL-API-NOT-FOUND. */
export function statusFor(
  request: FastifyRequest,
  params: Static<typeof ApplicationParams>,
  report: Pick<ReportStore, "get">,
): ApplicationStatus {
  const application = applicationOf(request, params);
  const status = report.get(application);
  if (status === undefined) throw noSuchApplication(application);
  return status;
}

export function applicationRoute(app: Api, { report }: ApiOptions): void {
  app.get("/api/v1/applications/:namespace/:name", { schema }, async (request) =>
    detailView(statusFor(request, request.params, report), Date.now()),
  );
}
