import { expect, test } from "vitest";
import { parseRequestCounts, requestsBetween, sumRequests } from "./request-counts.ts";

function line(labels: string, count: string): string {
  return `apiserver_request_total{${labels}} ${count}`;
}

const PODS =
  'code="200",component="apiserver",dry_run="",group="",resource="pods",scope="cluster",subresource="",version="v1"';

test("a line of the metric becomes its labels and its count", () => {
  const metrics = [
    "# TYPE apiserver_request_total counter",
    line('code="201",group="apps",resource="deployments",subresource="scale",verb="APPLY",version="v1"', "12"),
    "apiserver_request_duration_seconds_count 99",
  ].join("\n");
  expect(parseRequestCounts(metrics)).toEqual([
    {
      verb: "APPLY",
      group: "apps",
      version: "v1",
      resource: "deployments",
      subresource: "scale",
      code: 201,
      count: 12,
    },
  ]);
});

test("quotes, braces and commas inside a label do not end it", () => {
  const [count] = parseRequestCounts(line('code="200",resource="a\\"},b",verb="GET"', "3"));
  expect(count).toMatchObject({ resource: 'a\\"},b', verb: "GET", count: 3 });
});

test("large counts in scientific notation are numbers", () => {
  expect(parseRequestCounts(line(`${PODS},verb="GET"`, "1.5e+06"))[0]?.count).toBe(1_500_000);
});

test("a sum takes the counts whose labels are those asked for", () => {
  const counts = parseRequestCounts([line(`${PODS},verb="LIST"`, "2"), line(`${PODS},verb="WATCH"`, "5")].join("\n"));
  expect(sumRequests(counts, { verb: "LIST" })).toBe(2);
  expect(sumRequests(counts, { resource: "pods" })).toBe(7);
  expect(sumRequests(counts, { resource: "secrets" })).toBe(0);
});

test("between two readings only what grew is told, new lines included", () => {
  const before = parseRequestCounts([line(`${PODS},verb="LIST"`, "2"), line(`${PODS},verb="GET"`, "4")].join("\n"));
  const after = parseRequestCounts(
    [line(`${PODS},verb="LIST"`, "5"), line(`${PODS},verb="GET"`, "4"), line(`${PODS},verb="POST"`, "1")].join("\n"),
  );
  expect(requestsBetween(before, after).map(({ verb, count }) => [verb, count])).toEqual([
    ["LIST", 3],
    ["POST", 1],
  ]);
});
