import { type Comparison, compare, ruleSetOf } from "../../../src/diff/index.ts";
import type { IgnoreRule, KubeObject, LiveObject, SchemaNode } from "../../../src/model/index.ts";
import { DEPLOYMENT } from "../small-schema.ts";

type Rule = Partial<IgnoreRule>;

function rulesFor(...rules: readonly Rule[]) {
  const written = rules.map((rule) => ({ reason: "others have it", ...rule }));
  return { written, ignore: ruleSetOf({ source: "application", rules: written, where: "spec.ignore" }) };
}

interface Case {
  readonly desired: KubeObject;
  readonly there: LiveObject;
  readonly rules?: readonly Rule[];
  readonly schema?: SchemaNode;
  readonly autoscaler?: string;
}

/** The comparison of a manifest with live under rules. */
export function compared({ desired, there, rules = [], schema = DEPLOYMENT, autoscaler }: Case): Comparison {
  const { ignore } = rulesFor(...rules);
  return compare({
    ...{ desired, manifestHash: "one", live: there, schema, setApplied: true, ignore },
    ...(autoscaler !== undefined && { autoscaler }),
  });
}

export function paths({ changes }: Comparison): string[] {
  return changes.map(({ path, class: kind }) => `${path} ${kind}`);
}

/** "/spec/replicas 3, left to kubectl" */
export function leftText({ left = [] }: Comparison): string[] {
  return left.map((field) => {
    const { path, desired, live, to } = field;
    return `${path} ${JSON.stringify(desired) ?? "-"} ${JSON.stringify(live) ?? "-"} left to ${to}`;
  });
}
