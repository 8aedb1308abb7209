import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "./lock.ts";
import { controlPlaneAvailability, findPrograms } from "./programs.ts";
import { joinStages } from "./stages.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "plumbline-build-test-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const notDone = () => false;

test("the lock holds the pid of its holder and is gone after its release", async () => {
  const path = join(dir, "lock");
  const lock = await takeLock({ path, done: notDone });
  expect(readFileSync(path, "utf8").trim()).toBe(String(process.pid));
  await lock?.release();
  expect(existsSync(path)).toBe(false);
});

test("a lock whose holder has ended is taken over", async () => {
  const path = join(dir, "lock");
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  writeFileSync(path, `${child.pid}\n`);
  const lock = await takeLock({ path, done: notDone });
  expect(readFileSync(path, "utf8").trim()).toBe(String(process.pid));
  await lock?.release();
});

test("a lock that nobody has touched for long is taken over, though its pid lives", async () => {
  const path = join(dir, "lock");
  writeFileSync(path, `${process.ppid}\n`);
  utimesSync(path, 0, 0);
  const lock = await takeLock({ path, done: notDone });
  expect(readFileSync(path, "utf8").trim()).toBe(String(process.pid));
  await lock?.release();
});

test("who waits for a lock says for whom, and needs none once the work is done", async () => {
  const path = join(dir, "lock");
  writeFileSync(path, `${process.pid}\n`);
  const waitedFor: number[] = [];
  const lock = await takeLock({ path, done: () => waitedFor.length > 0, onWait: (pid) => waitedFor.push(pid) });
  expect(lock).toBeUndefined();
  expect(waitedFor).toEqual([process.pid]);
});

test("files in KUBEBUILDER_ASSETS are used in place of built ones", () => {
  const env = { KUBEBUILDER_ASSETS: dir, PLUMB_CONTROLPLANE_CACHE: join(dir, "none") };
  for (const name of ["etcd", "kube-apiserver", "kubectl"]) writeFileSync(join(dir, name), "");
  expect(findPrograms(env).get("etcd")).toBe(join(dir, "etcd"));
  expect(controlPlaneAvailability({}, env)).toEqual({ available: true });
});

test("without Go and without the files, the reason names what is missing and how to get it", () => {
  const availability = controlPlaneAvailability({}, { PATH: dir, PLUMB_CONTROLPLANE_CACHE: join(dir, "none") });
  expect(availability).toEqual({
    available: false,
    reason:
      "no etcd, kube-apiserver, kubectl: install Go 1.26 (they are then built from source, once), " +
      "or point KUBEBUILDER_ASSETS at a folder with these files",
  });
});

test("with Go on PATH a control plane is available before it is built", () => {
  writeFileSync(join(dir, "go"), "");
  chmodSync(join(dir, "go"), 0o755);
  const env = { PATH: dir, PLUMB_CONTROLPLANE_CACHE: join(dir, "none") };
  expect(controlPlaneAvailability({ controllers: true }, env)).toEqual({ available: true });
});

test("stages are joined in the order of the kustomization, folders entered", async () => {
  for (const folder of ["fast", "node"]) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, "fast", "kustomization.yaml"), "kind: Kustomization\nresources:\n- ../node\n- pod.yaml\n");
  writeFileSync(join(dir, "fast", "pod.yaml"), "kind: Stage # pod\n");
  writeFileSync(join(dir, "node", "kustomization.yaml"), "resources: [ready.yaml]\n");
  writeFileSync(join(dir, "node", "ready.yaml"), "kind: Stage # node\n");
  expect(await joinStages(join(dir, "fast", "kustomization.yaml"))).toBe("kind: Stage # node\n---\nkind: Stage # pod");
});

test("stages of a kustomization that also patches are refused", async () => {
  writeFileSync(join(dir, "kustomization.yaml"), "resources: []\npatches: []\n");
  await expect(joinStages(join(dir, "kustomization.yaml"))).rejects.toThrow(/cannot join stages that use patches/);
});
