import { Type } from "typebox";
import { DELETE_POLICIES, GUARDS, HOOK_PHASES } from "../model/index.ts";
import { callerOf } from "./access.ts";
import { applicationOf, noSuchApplication } from "./application.ts";
import { requestSignal } from "./lifetime.ts";
import type { Api, ApiOptions } from "./options.ts";
import {
  ActionSchema,
  ApplicationParams,
  FieldChangeSchema,
  list,
  OriginSchema,
  ProblemSchema,
  RefSchema,
  StageSchema,
  Time,
} from "./schemas.ts";

const AdoptionSchema = Type.Object(
  {
    from: list(
      Type.Object({
        tool: Type.String(),
        manager: Type.Optional(Type.String()),
        evidence: Type.Optional(Type.String({ description: "What of the tool's the object belonged to." })),
        living: Type.Optional(Type.Enum(["yes", "no", "unknown"], { description: "Whether that is still there." })),
      }),
    ),
    changed: Type.Integer({ description: "Fields that get another value." }),
    removed: Type.Integer({ description: "Fields that go, since Git does not have them." }),
  },
  { description: "Only of objects that are there and not Plumbline's yet: whose they were." },
);

const HookSchema = Type.Object(
  {
    phase: Type.Enum(HOOK_PHASES),
    form: Type.Enum(["helm", "argo"]),
    deletePolicies: list(Type.Enum(DELETE_POLICIES)),
    state: Type.Optional(
      Type.Enum(["running", "succeeded", "failed"], {
        description: "Only where it has run, or runs, for these manifests already.",
      }),
    ),
  },
  { description: "Only hooks; their wave is their weight." },
);

const ReplacementSchema = Type.Object(
  {
    fields: list(Type.String({ description: "What cannot be changed." })),
    propagation: Type.Enum(["Background", "Foreground", "Orphan"], {
      description: "What becomes of what hangs on the object; Orphan: its Pods go on running.",
    }),
    loss: Type.String({ description: "What is lost, in a sentence." }),
  },
  { description: "Only of objects that are deleted and made anew." },
);

const StepSchema = Type.Object({
  ref: RefSchema,
  action: ActionSchema,
  stage: StageSchema,
  wave: Type.Integer(),
  reason: Type.String(),
  changes: list(FieldChangeSchema),
  origin: Type.Optional(OriginSchema),
  hash: Type.Optional(Type.String({ description: "sha256 of the manifest as it is applied." })),
  problem: Type.Optional(ProblemSchema),
  adoption: Type.Optional(AdoptionSchema),
  hook: Type.Optional(HookSchema),
  dependsOn: Type.Optional(list(RefSchema)),
  replacement: Type.Optional(ReplacementSchema),
  apply: Type.Optional(
    Type.Enum(["once", "never"], {
      description: "plumbline.dev/apply: made once and left as it is then, or never written.",
    }),
  ),
  propagation: Type.Optional(
    Type.Literal("Foreground", { description: "Only prunes, of workloads with Pods: it goes when they are gone." }),
  ),
  uid: Type.Optional(Type.String({ description: "Only prunes and replacements: the object that was looked at." })),
});

const scope = { groupKinds: list(Type.String()), namespaces: list(Type.String()) };

const InventorySchema = Type.Object({
  id: Type.String(),
  parent: RefSchema,
  before: Type.Object(scope),
  after: Type.Object(scope),
  current: Type.Optional(
    Type.Object({
      ...scope,
      appliedSet: Type.Optional(Type.String()),
      appliedRevision: Type.Optional(Type.String()),
    }),
  ),
});

const GoingSchema = Type.Object(
  {
    ref: RefSchema,
    stage: StageSchema,
    wave: Type.Integer(),
    uid: Type.String(),
    since: Time("When its deletion was asked for."),
    finalizers: list(Type.String()),
    waits: Type.String({ description: "For what, in words." }),
  },
  { description: "It is to go, its deletion was asked for, and it is there until its finalizers are off." },
);

const PreviewSchema = Type.Object(
  {
    ref: Type.String(),
    head: Type.String({ description: "The commit, or version, of the ref." }),
    onto: Type.Object({ ref: Type.String(), revision: Type.String() }),
    standing: Type.Object({
      kind: Type.Enum(["as-it-is", "contained", "ahead", "merged", "unmerged"]),
      commits: Type.Optional(Type.Integer({ description: "Of the branch, that what is followed lacks." })),
      lacks: Type.Optional(Type.Integer({ description: "Of what is followed, that the branch lacks." })),
      why: Type.Optional(Type.String({ description: "Why the merge is not known." })),
    }),
    message: Type.String({ description: "Of what the plan is, in a sentence." }),
  },
  { description: "With `ref`: of what the plan is." },
);

const TextsSchema = Type.Record(Type.String(), Type.String());

const NamespaceSchema = Type.Object(
  {
    name: Type.String(),
    manager: Type.String({ description: "Field manager under which they are applied." }),
    action: Type.Enum(["create", "update", "release", "none"]),
    class: Type.Optional(Type.Enum(["pending", "drift"])),
    reason: Type.String(),
    labels: TextsSchema,
    annotations: TextsSchema,
    conflicts: list(Type.String()),
  },
  { description: "What becomes of the labels and annotations of a namespace that is no member." },
);

export const PlanAnswerSchema = Type.Object({
  application: Type.String(),
  revision: Type.String(),
  hash: Type.String({ description: "Of all that the plan would do." }),
  setHash: Type.String({ description: "Of the manifests alone." }),
  steps: list(StepSchema),
  hooks: Type.Optional(list(StepSchema)),
  prunes: list(StepSchema),
  withheld: list(
    Type.Object({
      ref: RefSchema,
      guard: Type.Enum(GUARDS),
      reason: Type.String(),
      lift: Type.Optional(Type.String({ description: "The command that lifts the guard once." })),
    }),
  ),
  going: Type.Optional(list(GoingSchema)),
  releases: Type.Optional(list(StepSchema)),
  inventory: InventorySchema,
  ensureNamespace: Type.Optional(Type.String()),
  namespaces: Type.Optional(list(NamespaceSchema)),
  preview: Type.Optional(PreviewSchema),
});

const schema = {
  operationId: "getPlan",
  summary: "What a sync would do now; computed anew, nothing is written",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(
    {
      allowPrune: Type.Optional(
        Type.Boolean({ default: false, description: "As for a sync with allowPrune; not with ref." }),
      ),
      ref: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 250,
          description: "What merging this branch would do, or going to this tag, commit or (of a chart) version.",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response: { 200: PlanAnswerSchema },
};

export function planRoute(app: Api, { control }: ApiOptions, closing: AbortSignal): void {
  app.get("/api/v1/applications/:namespace/:name/plan", { schema }, async (request, reply) => {
    const application = applicationOf(request, request.params);
    if (control.application(application) === undefined) throw noSuchApplication(application);
    const signal = AbortSignal.any([closing, requestSignal(reply)]);
    const { ref, allowPrune = false } = request.query;
    if (ref === undefined) return await control.plan(application, { signal, allowPrune });
    const lookups = callerOf(request).role === "operator";
    const { plan, ...preview } = await control.preview(application, { ref, lookups }, signal);
    return { ...plan, preview };
  });
}
