import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SERVE_OPTIONS } from "../../src/cli/settings/serve-options.ts";
import { flagOf, variableOf } from "../../src/cli/settings/spelling.ts";
import { ApplicationSpecSchema, isJsonObject, type JsonObject } from "../../src/model/index.ts";
import * as labels from "../../src/model/labels.ts";
import { startApi } from "../api/api-fixture.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "../../docs/spec", name), "utf8");

/** `spec.sync.auto` -> its default as JSON, undefined where there is none. Objects that only hold others are left out, and so are items that are plain text. */
function fieldsOf(schema: JsonObject, path: string): [string, string | undefined][] {
  if (isJsonObject(schema["properties"])) {
    return Object.entries(schema["properties"]).flatMap(([name, field]) =>
      isJsonObject(field) ? fieldsOf(field, `${path}.${name}`) : [],
    );
  }
  const own: [string, string | undefined][] = [[path, text(schema["default"])]];
  const { items } = schema;
  return isJsonObject(items) && isJsonObject(items["properties"]) ? [...own, ...fieldsOf(items, `${path}[]`)] : own;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
}

test("docs/spec/application.md has every field of an Application with its default, and no other", () => {
  const rows = read("application.md").matchAll(/^\| `(spec\.[^`]+)` \|.*\| (?:`(.*)`|[^|`]+) \|$/gm);
  const written = Array.from(rows, ([, field, value]) => [field, value]);
  const schema: JsonObject = JSON.parse(JSON.stringify(ApplicationSpecSchema));
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(fieldsOf(schema, "spec")));
});

test("docs/spec/annotations.md names every label and annotation of the model", () => {
  const page = read("annotations.md");
  expect(Object.values(labels).filter((label) => !page.includes(`\`${label}\``))).toEqual([]);
});

test("docs/spec/cli.md has a row for every setting of plumb serve, and no other", () => {
  const rows = read("cli.md").matchAll(/^\| `(--[a-z-]+)` \| `(PLUMB_[A-Z_]+)` \|/gm);
  const written = Array.from(rows, ([, flag, variable]) => [flag, variable]);
  expect(written).toEqual(SERVE_OPTIONS.map(({ name }) => [flagOf(name), variableOf(name)]));
});

test("docs/spec/api.md has a row for every route of the OpenAPI document, and no other", async () => {
  const routes = [...read("api.md").matchAll(/^\| `((?:GET|POST|DELETE) [^`]+)` \|/gm)].map(([, route]) => route);
  const { api } = await startApi();
  const { paths } = (await api.inject("/openapi.json")).json();
  const served = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(Object(item)).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(routes.toSorted()).toEqual(served.toSorted());
});
