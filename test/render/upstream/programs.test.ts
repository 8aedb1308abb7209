import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { moduleFolder, PROGRAMS, upstreamAvailability } from "./programs.ts";

const ENGINE = join(import.meta.dirname, "../../../src/render/engine/go.mod");

/** Version of a module that a go.mod requires. */
function required(file: string, module: string): string | undefined {
  const line = readFileSync(file, "utf8").match(new RegExp(`^(?:require)?\\s+${module} (\\S+)`, "m"));
  return line?.[1];
}

test.each(PROGRAMS)("the module of $name requires the version that the cache's folder names", (program) => {
  expect(required(join(moduleFolder(program.name), "go.mod"), program.module)).toBe(`v${program.version}`);
});

test.each([
  ["helm", "helm.sh/helm/v4"],
  ["helm", "github.com/Masterminds/sprig/v3"],
  ["helm", "github.com/Masterminds/semver/v3"],
  ["helm", "github.com/BurntSushi/toml"],
  ["helm", "k8s.io/client-go"],
  ["helm", "sigs.k8s.io/yaml"],
  ["kustomize", "sigs.k8s.io/kustomize/api"],
  ["kustomize", "sigs.k8s.io/kustomize/kyaml"],
])("the program %s is made of the same %s as our engine", (name, module) => {
  const version = required(ENGINE, module);
  expect(version).toMatch(/^v\d/);
  expect(required(join(moduleFolder(name), "go.mod"), module)).toBe(version);
});

test("without Go and without a build, the reason says how to get the programs", () => {
  const nowhere = join(import.meta.dirname, "nowhere");
  expect(upstreamAvailability({ PATH: nowhere, PLUMB_CONTROLPLANE_CACHE: nowhere })).toEqual({
    available: false,
    reason: "no helm and kustomize to compare with: install Go 1.26 (they are then built from source, once)",
  });
});
