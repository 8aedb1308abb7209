import type { KustomizeSource } from "../../../src/model/index.ts";

type Image = NonNullable<KustomizeSource["images"]>[number];
type Patch = NonNullable<KustomizeSource["patches"]>[number];

/** The `kustomize edit` commands that write a source's changes into a kustomization, one argument list each. */
export function kustomizeEdits(source: KustomizeSource): string[][] {
  return [
    ...one(["set", "nameprefix"], source.namePrefix),
    ...one(["set", "namesuffix"], source.nameSuffix),
    ...(source.images ?? []).map((image) => ["set", "image", imageArgument(image)]),
    ...(source.replicas ?? []).map(({ name, count }) => ["set", "replicas", `${name}=${count}`]),
    ...entries(source.commonLabels).map((pair) => ["set", "label", pair]),
    ...entries(source.commonAnnotations).map((pair) => ["set", "annotation", pair]),
    ...(source.patches ?? []).map(patchArguments),
    ...(source.components ?? []).map((path) => ["add", "component", path]),
  ].map((command) => ["edit", ...command]);
}

function one(command: readonly string[], value: string | undefined): string[][] {
  // `--` because a suffix begins with a dash.
  return value === undefined ? [] : [[...command, "--", value]];
}

function entries(map: { readonly [key: string]: string } = {}): string[] {
  return Object.entries(map).map(([key, value]) => `${key}:${value}`);
}

function imageArgument({ name, newName, newTag, digest }: Image): string {
  const suffix = digest === undefined ? (newTag === undefined ? "" : `:${newTag}`) : `@${digest}`;
  return newName === undefined ? `${name}${suffix}` : `${name}=${newName}${suffix}`;
}

function patchArguments({ patch, target = {} }: Patch): string[] {
  const { labelSelector, annotationSelector, ...names } = target;
  const selectors = { "label-selector": labelSelector, "annotation-selector": annotationSelector };
  const flags = Object.entries({ ...names, ...selectors }).filter(([, value]) => value !== undefined);
  return ["add", "patch", "--patch", patch, ...flags.map(([name, value]) => `--${name}=${value}`)];
}
