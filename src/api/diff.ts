import type { Operation } from "fast-json-patch";
import { type Static, Type } from "typebox";
import type { JsonObject } from "../model/index.ts";
import { changedView, type Paging, pageBy } from "../report/index.ts";
import type { Difference, SyncControl } from "../sync/index.ts";
import { applicationOf, noSuchApplication, statusFor } from "./application.ts";
import { requestSignal } from "./lifetime.ts";
import type { Api, ApiOptions } from "./options.ts";
import { resourcePosition } from "./resources.ts";
import {
  ApplicationParams,
  FieldChangeSchema,
  LeftFieldSchema,
  list,
  OriginSchema,
  PagingQuery,
  pageSchema,
  RefSchema,
  SyncStatusSchema,
  UnconfirmedSchema,
} from "./schemas.ts";

const Side = (description: string) =>
  Type.Optional(Type.Unsafe<JsonObject>({ type: "object", additionalProperties: true, description }));

const DifferenceSchema = Type.Object({
  ref: RefSchema,
  sync: SyncStatusSchema,
  origin: Type.Optional(OriginSchema),
  changes: list(FieldChangeSchema),
  left: Type.Optional(list(LeftFieldSchema)),
  unconfirmed: Type.Optional(UnconfirmedSchema),
  patch: Type.Optional(
    Type.Unsafe<readonly Operation[]>({
      type: "array",
      items: { type: "object", additionalProperties: true },
      description:
        "With `show=patch`: RFC 6902, what a sync would do to the live object. Of a Secret it carries masks.",
    }),
  ),
  before: Side("With `show=objects`: the live object; absent where there is none."),
  after: Side("With `show=objects`: what a sync would make of it; absent where it would go."),
});

export const DiffPageSchema = pageSchema(DifferenceSchema);

const DiffQuery = Type.Object(
  {
    show: Type.Optional(
      Type.Enum(["patch", "objects"], {
        description:
          "More than the fields: then everything is compared anew, and a page has at most 100 objects, or 16 MB.",
      }),
    ),
    ...PagingQuery,
  },
  { additionalProperties: false },
);

const schema = {
  operationId: "getDiff",
  summary:
    "The objects that differ from Git or are left to others in a field, field by field, as the last look found them",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: DiffQuery,
  response: { 200: DiffPageSchema },
};

/** Whole objects are large: so many at once, and so many characters of JSON, but for one that is larger alone. */
const MOST_SHOWN = 100;
const MOST_CHARACTERS = 16_000_000;

export function diffRoute(app: Api, { report, control }: ApiOptions, closing: AbortSignal): void {
  app.get("/api/v1/applications/:namespace/:name/diff", { schema }, async (request, reply) => {
    const { show, ...paging } = request.query;
    if (show === undefined) {
      const { resources } = statusFor(request, request.params, report);
      const changed = resources.map(changedView).filter((resource) => resource !== undefined);
      return pageBy(changed, paging, resourcePosition);
    }
    const application = applicationOf(request, request.params);
    const differences = await compareNow(control, application, AbortSignal.any([closing, requestSignal(reply)]));
    return shownPage(differences, paging, show);
  });
}

function shownPage(rows: readonly Row[], paging: Paging, show: "patch" | "objects"): Static<typeof DiffPageSchema> {
  const most = Math.min(paging.limit ?? MOST_SHOWN, MOST_SHOWN);
  const page = pageBy(rows, { ...paging, limit: most }, resourcePosition);
  const items: Static<typeof DifferenceSchema>[] = [];
  let characters = 0;
  for (const { difference, ...row } of page.items) {
    const item = { ...row, ...shown(difference, show) };
    characters += JSON.stringify(item).length;
    if (items.length > 0 && characters > MOST_CHARACTERS) break;
    items.push(item);
  }
  if (items.length === page.items.length) return { ...page, items };
  return { ...pageBy(rows, { ...paging, limit: items.length }, resourcePosition), items };
}

type Row = NonNullable<ReturnType<typeof changedView>> & { readonly difference: Difference };

async function compareNow(control: SyncControl, application: string, signal: AbortSignal): Promise<Row[]> {
  if (control.application(application) === undefined) throw noSuchApplication(application);
  const differences = await control.differences(application, signal);
  return differences.flatMap((difference) => {
    const view = changedView(difference.resource);
    return view === undefined ? [] : [{ ...view, difference }];
  });
}

type Shown = Pick<Static<typeof DifferenceSchema>, "patch" | "before" | "after">;

function shown(difference: Difference, show: "patch" | "objects"): Shown {
  return show === "patch" ? { patch: difference.patch() } : difference.sides();
}
