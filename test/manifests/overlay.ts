import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { readServeSettings, type ServeFlags, type ServeSettings } from "../../src/cli/settings/serve.ts";
import { SERVE_OPTIONS } from "../../src/cli/settings/serve-options.ts";
import { flagOf, variableOf } from "../../src/cli/settings/spelling.ts";
import { valueAt } from "../../src/kit/json-pointer.ts";
import type { KubeObject } from "../../src/model/index.ts";
import { renderFolder } from "../../src/render/index.ts";
import { temporaryFolder } from "../cli/run-plumb.ts";
import { testEngine } from "../engine/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const MOUNTS = "/etc/plumbline";

/** A kustomization of manifests/, by our own engine. */
export async function rendered(folder: string): Promise<readonly KubeObject[]> {
  const { manifests, problems } = await renderFolder(join(ROOT, "manifests", folder), {
    root: ROOT,
    engine: testEngine(),
  });
  expect(problems).toEqual([]);
  return manifests.map(({ object }) => object);
}

export function named(objects: readonly KubeObject[], kind: string, name: string): KubeObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
  return found;
}

export const at = (object: KubeObject, ...tokens: string[]): unknown => valueAt(object, tokens);
export const inPod = (object: KubeObject, ...tokens: string[]): unknown =>
  at(object, "spec", "template", "spec", ...tokens);

interface Container {
  readonly args: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export function containerOf(deployment: KubeObject): Container {
  return inPod(deployment, "containers", "0") as Container;
}

/** What the program itself makes of its arguments and variables, with its Secrets in a folder of the test. The Pod has the address 10.1.2.3. */
export async function settingsOf(objects: readonly KubeObject[], secrets: readonly string[]): Promise<ServeSettings> {
  const folder = temporaryFolder();
  for (const secret of secrets) {
    mkdirSync(join(folder, secret, ".."), { recursive: true });
    writeFileSync(join(folder, secret), "a secret of the test");
  }
  const { args, env = [], volumeMounts } = containerOf(named(objects, "Deployment", "plumbline"));
  expect(args[0]).toBe("serve");
  expect(env).toContainEqual({ name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } });
  const here = (option: (typeof SERVE_OPTIONS)[number] | undefined, text: string): string => {
    if (option === undefined) throw new Error(`plumb serve has nothing of ${text}`);
    const isMounted = volumeMounts.some(({ mountPath }) => text.startsWith(mountPath));
    expect(isMounted || !("isPath" in option)).toBe(true);
    return text.replace("$(POD_IP)", "10.1.2.3").replace(MOUNTS, folder);
  };
  const flags = args.slice(1).map((text): [string, string] => {
    const [, flag, value = text] = /^(--[a-z-]+)=(.+)$/.exec(text) ?? [];
    const option = SERVE_OPTIONS.find(({ name }) => flagOf(name) === flag);
    return [option?.name ?? "", here(option, value)];
  });
  const variables = env.flatMap(({ name: variable, value }): [string, string][] => {
    if (value === undefined) return [];
    const option = SERVE_OPTIONS.find(({ name }) => variableOf(name) === variable);
    return [[variable, here(option, value)]];
  });
  const given = { env: Object.fromEntries(variables), home: "/home/ada" };
  return await readServeSettings(Object.fromEntries(flags) as ServeFlags, given);
}

export function selects(policy: KubeObject, direction: "ingress" | "egress"): unknown {
  const peer = direction === "ingress" ? "from" : "to";
  return {
    to: at(policy, "spec", direction, "0", peer, "0", "podSelector", "matchLabels"),
    port: at(policy, "spec", direction, "0", "ports", "0", "port"),
  };
}
