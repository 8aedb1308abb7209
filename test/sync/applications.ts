import { Value } from "typebox/value";
import { type Application, ApplicationSchema, type ApplicationStatus } from "../../src/model/index.ts";

/** An Application as its file is read: defaults filled in. */
export function application(name: string, dependsOn: readonly string[] = [], spec: object = {}): Application {
  const document = {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name },
    spec: {
      source: { repo: "https://git.example/apps.git" },
      dependsOn: dependsOn.map((other) => ({ name: other })),
      ...spec,
    },
  };
  const filled: unknown = Value.Default(ApplicationSchema, document);
  return Value.Parse(ApplicationSchema, filled);
}

export function status(name: string): ApplicationStatus {
  return {
    namespace: "default",
    name,
    sync: { status: "Synced", message: "" },
    health: { status: "Healthy", message: "" },
    source: { repo: "r", ref: "main", path: "." },
    resources: [],
    drift: [],
    problems: [],
    warnings: [],
  };
}
