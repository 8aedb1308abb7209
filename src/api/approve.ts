import { Type } from "typebox";
import { callerOf } from "./access.ts";
import { applicationOf, noSuchApplication } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationParams } from "./schemas.ts";
import { SyncAcceptedSchema } from "./sync.ts";

const schema = {
  operationId: "approvePlan",
  summary: "Approves exactly the plan with this hash, where spec.sync.approve asks for it",
  tags: ["applications"],
  params: ApplicationParams,
  body: Type.Object(
    { plan: Type.String({ pattern: "^[0-9a-f]{64}$", description: "`hash` of the plan." }) },
    { additionalProperties: false },
  ),
  response: { 202: SyncAcceptedSchema },
};

export function approveRoute(app: Api, { control }: ApiOptions): void {
  const url = "/api/v1/applications/:namespace/:name/approve";
  app.post(url, { schema, config: { access: "operator" } }, async (request, reply) => {
    const application = applicationOf(request, request.params);
    if (control.application(application) === undefined) throw noSuchApplication(application);
    const pass = await control.instructions.approve(application, request.body.plan, callerOf(request).name);
    return reply.code(202).send({ application, pass });
  });
}
