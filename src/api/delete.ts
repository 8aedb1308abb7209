import { Type } from "typebox";
import { applicationOf } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationParams } from "./schemas.ts";

export const DeleteAcceptedSchema = Type.Object(
  { application: Type.String(), deletion: Type.Enum(["prune", "orphan"]) },
  {
    description:
      "It was asked for, and goes on across restarts; the application is gone when it is not found any more.",
  },
);

const schema = {
  operationId: "deleteApplication",
  summary: "Deletes an application that nobody declares any more",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(
    {
      deletion: Type.Enum(["prune", "orphan"], {
        description: "prune deletes its objects, orphan leaves them to nobody.",
      }),
    },
    { additionalProperties: false },
  ),
  response: { 202: DeleteAcceptedSchema },
};

export function deleteRoute(app: Api, { control }: ApiOptions): void {
  const url = "/api/v1/applications/:namespace/:name";
  app.delete(url, { schema, config: { access: "operator" } }, async (request, reply) => {
    const application = applicationOf(request, request.params);
    const { deletion } = request.query;
    await control.remove(application, deletion);
    return reply.code(202).send({ application, deletion });
  });
}
