import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FULL_STATUS } from "../api/full-status.ts";
import { change, deployment, drifted, episode, problem, resource, status } from "../report/statuses.ts";
import { runPlumb, temporaryFolder } from "./run-plumb.ts";
import { startServer, TOKEN } from "./server.ts";

const BLOG = status("blog/web", { health: { status: "Progressing", message: "1/2 replicas updated" } });
const BROKEN = status("shop/db", { sync: { status: "Unknown", message: "?" }, problems: [problem()] });

async function ask(args: readonly string[], statuses = [drifted("shop/web"), BLOG, BROKEN]) {
  const { url } = await startServer(statuses);
  return await runPlumb([...args, "--server", url]);
}

test("get applications prints a table, problems first", async () => {
  const { code, stdout, stderr } = await ask(["get", "applications"]);
  expect(stderr).toBe("");
  expect(stdout).toMatchInlineSnapshot(`
    "NAMESPACE  NAME  SYNC     HEALTH       REVISION  OBJECTS  DRIFT  LAST SYNC  MESSAGE
    blog       web   Synced   Progressing  aaaaaaaa  0        0      -          1/2 replicas updated
    shop       db    Unknown  Healthy      aaaaaaaa  0        0      -          PL-YAML-TAB a tab where YAML wants spaces
    shop       web   Drifted  Healthy      aaaaaaaa  1        1      -          1 field was changed in the cluster
    "
  `);
  expect(code).toBe(0);
});

test("get applications filters by namespace, sync and health", async () => {
  const names = async (...flags: string[]) => (await ask(["get", "apps", "-o", "name", ...flags])).stdout;
  expect(await names("-n", "blog")).toBe("blog/web\n");
  expect(await names("--sync", "Drifted")).toBe("shop/web\n");
  expect(await names("--health", "Progressing")).toBe("blog/web\n");
});

test("where nothing fits, stdout is empty and stderr says so", async () => {
  expect(await ask(["get", "applications", "-n", "none"])).toEqual({
    code: 0,
    stdout: "",
    stderr: "no application fits\n",
  });
});

test("every page of a long list is read", async () => {
  const many = Array.from({ length: 1500 }, (_, index) => status(`shop/app-${index}`));
  const { stdout } = await ask(["get", "applications", "-o", "json"], many);
  expect(JSON.parse(stdout).items).toHaveLength(1500);
});

test("wide tables have more columns, and YAML is YAML", async () => {
  expect((await ask(["get", "applications", "-o", "wide"])).stdout).toContain("https://git.example/shop.git");
  expect((await ask(["get", "applications", "-o", "yaml"], [BLOG])).stdout).toMatch(
    /^items:\n {2}- namespace: blog\n {4}name: web\n/,
  );
});

test("history prints each sync with why, by whom and what came of it", async () => {
  const { code, stdout } = await ask(["history", "shop/web", "-o", "wide"], [FULL_STATUS]);
  const [titles = "", line = ""] = stdout.split("\n");
  expect(titles).toMatch(/^PASS +AGO +REVISION +BECAUSE +TOOK +WELL +OUTCOME +SUBJECT +AUTHOR +PLAN +FIRST FAILURE$/);
  expect(line.split(/ {2,}/).toSpliced(1, 1)).toEqual([
    "7",
    "bbbbbbbb",
    "commit, ann",
    "230ms",
    "no",
    "1 failed, PL-YAML-TAB",
    "Scale up",
    "Ada <ada@example>",
    "dddddddddddd",
    "Deployment shop/web: a tab where YAML wants spaces",
  ]);
  expect(code).toBe(0);
  const none = await ask(["history", "blog/web"]);
  expect(none).toEqual({ code: 0, stdout: "", stderr: "no sync of blog/web is known\n" });
});

test("get resources prints the objects with their verdicts", async () => {
  const { code, stdout } = await ask(["get", "resources", "shop/web"]);
  expect(stdout).toMatchInlineSnapshot(`
    "KIND             NAMESPACE  NAME  SYNC     HEALTH   MESSAGE
    Deployment.apps  shop       web   Drifted  Healthy  2/2 replicas available
    "
  `);
  expect(code).toBe(0);
});

test("what stands beside the verdicts is said once on stderr, however many objects it is about", async () => {
  const noted = (name: string) => ({ ...resource(deployment(name)), unconfirmed: "nobody asked", warnings: ["old"] });
  const statuses = [status("shop/web", { resources: [noted("a"), noted("b"), noted("c")] })];
  expect((await ask(["get", "resources", "shop/web"], statuses)).stderr).toBe(
    "warning: Deployment shop/a and 2 more: old\nwarning: Deployment shop/a and 2 more: not confirmed: nobody asked\n",
  );
  expect(await ask(["diff", "shop/web"], statuses)).toMatchObject({
    code: 0,
    stderr: "no difference in shop/web\nwarning: Deployment shop/a and 2 more: not confirmed: nobody asked\n",
  });
});

test("diff prints the fields with their author and exits with 1", async () => {
  const { code, stdout } = await ask(["diff", "shop/web"]);
  expect(stdout).toBe(
    "~ Deployment shop/web\n    spec.replicas  2 -> 5   drift, by kubectl-edit\n1 object differs: 1 drifted\n",
  );
  expect(code).toBe(1);
});

test("diff exits with 0 where nothing differs, and foreign fields differ from nothing", async () => {
  const foreign = change({ class: "foreign", path: "/metadata/labels/x", pointer: "/metadata/labels/x", live: "y" });
  const statuses = [status("shop/web", { resources: [resource(deployment("web"), [foreign])] })];
  expect(await ask(["diff", "shop/web"], statuses)).toEqual({
    code: 0,
    stdout: "",
    stderr: "no difference in shop/web; 1 field of another manager is not shown (--foreign)\n",
  });
  const shown = await ask(["diff", "shop/web", "--foreign"], statuses);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain("metadata.labels.x");
});

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

test("drift prints the fleet's drift by application, since when, and exits with 1", async () => {
  const { code, stdout } = await ask(["drift"]);
  expect(stdout).toMatch(
    /^shop\/web\n~ Deployment shop\/web\n {4}spec\.replicas {2}2 -> 5 {3}drift, by kubectl-edit\n {6}spec\.replicas: first seen \S+ ago, last seen \S+ ago\n$/,
  );
  expect(code).toBe(1);
});

test("drift names a fight with its count and how long healing waits", async () => {
  const fight = { times: 4, message: "ann has changed it 4 times within 5 minutes", healsAt: ago(-3600) };
  const one = episode({ count: 7, firstSeen: ago(7200), lastSeen: ago(3600), fight });
  const { stdout } = await ask(["drift"], [status("shop/web", { drift: [one] })]);
  expect(stdout).toMatch(
    /spec\.replicas: first seen 2h\S* ago, last seen 1h\S* ago, 7 times; a fight: ann has changed it 4 times within 5 minutes, healing waits for another (1h|59m)/,
  );
});

test("drift shows what ended only when asked, and it is no difference", async () => {
  const end = (over: object) => episode({ firstSeen: ago(7200), end: { how: "healed", at: ago(3600), ...over } });
  const other = (path: string) => ({ change: change({ path, pointer: path }) });
  const drift = [
    end({ pass: 7 }),
    { ...end({ how: "reverted", by: { manager: "bob" } }), ...other("/spec/b"), count: 3 },
    { ...end({ how: "git" }), ...other("/spec/c") },
  ];
  expect(await ask(["drift"], [status("shop/web", { drift })])).toEqual({ code: 0, stdout: "", stderr: "no drift\n" });
  const { code, stdout } = await ask(["drift", "--ended"], [status("shop/web", { drift })]);
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /= Deployment shop\/web spec\.replicas: healed by pass 7 1h\S* ago; by kubectl-edit, first seen 2h\S* ago\n/,
  );
  expect(stdout).toMatch(/spec\.b: put right by bob 1h\S* ago; by kubectl-edit, first seen 2h\S* ago, 3 times\n/);
  expect(stdout).toMatch(/spec\.c: no difference any more, since Git moved, 1h\S* ago;/);
});

test("drift of one application is that of no other", async () => {
  expect(await ask(["drift", "blog/web"])).toEqual({ code: 0, stdout: "", stderr: "no drift in blog/web\n" });
});

test("an application's name alone is enough where it is the only one, or that of the namespace default", async () => {
  expect((await ask(["drift", "db"])).stderr).toBe("no drift in shop/db\n");
  expect((await ask(["drift", "web"], [drifted("shop/web"), status("default/web")])).stderr).toBe(
    "no drift in default/web\n",
  );
});

test("a name that several have is a usage error that names them", async () => {
  const { code, stderr } = await ask(["diff", "web"]);
  expect(stderr).toBe(
    "PL-USAGE  web  2 applications are called web: blog/web, shop/web\n  next: name the namespace too\n",
  );
  expect(code).toBe(2);
});

test("an application that is not there is an error with the next step", async () => {
  const { code, stdout, stderr } = await ask(["get", "resources", "nothing"]);
  expect(stderr).toBe(
    "PL-API-NOT-FOUND  nothing  there is no application nothing\n  next: see `plumb get applications`\n",
  );
  expect([code, stdout]).toEqual([3, ""]);
});

test("the server's own problem reaches the user, code and next step included", async () => {
  const { code, stderr } = await ask(["diff", "no/such"]);
  expect(stderr).toMatch(/^PL-API-NOT-FOUND {2}no\/such {2}there is no application no\/such\n {2}next: /);
  expect(code).toBe(3);
});

test("a server that is away is an error that names it", async () => {
  const { url, close } = await startServer();
  await close();
  const { code, stderr } = await runPlumb(["get", "applications"], { PLUMB_SERVER: url });
  expect(stderr).toMatch(/^PL-API-UNREACHABLE {2}http:\/\/127\.0\.0\.1:\d+ {2}no answer: connect ECONNREFUSED/);
  expect(code).toBe(3);
});

test("the token comes from a variable or a file, and a missing one is told", async () => {
  const { url } = await startServer([BLOG], { withToken: true });
  const file = join(temporaryFolder(), "token");
  writeFileSync(file, `${TOKEN}\n`);
  const args = ["get", "applications", "-o", "name", "--server", url];
  expect(await runPlumb(args)).toMatchObject({ code: 3, stderr: expect.stringContaining("PL-API-UNAUTHENTICATED") });
  expect(await runPlumb(args, { PLUMB_TOKEN: TOKEN })).toMatchObject({ code: 0, stdout: "blog/web\n" });
  expect(await runPlumb(args, { PLUMB_TOKEN_FILE: file })).toMatchObject({ code: 0, stdout: "blog/web\n" });
  expect(await runPlumb([...args, "--token-file", "/nowhere"])).toMatchObject({ code: 2 });
});

test("version needs no server, and asks one that is named", async () => {
  expect(await runPlumb(["version"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^plumb \d+\.\d+\.\d+\n$/),
  });
  const { stdout } = await ask(["version", "-o", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({ server: "0.0.0-test" });
});

test("get fleets prints what each declaration makes, and why nothing is removed before what is wrong", async () => {
  const { url, control } = await startServer();
  const args = ["get", "fleets", "--server", url];
  expect(await runPlumb(args)).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "no declaration makes several applications\n",
  });
  const fleet = { namespace: "shop", name: "apps", members: ["shop/a", "shop/b"], problems: [] };
  control.declared.push(
    { ...fleet, revision: "a".repeat(40) },
    { ...fleet, name: "bad", problems: [{ ...problem(), where: "apps/x" }] },
    { ...fleet, name: "away", problems: [problem()], unsure: "https://git.example: it does not answer" },
    { ...fleet, name: "going", ending: "prune" },
  );
  expect((await runPlumb(args)).stdout).toMatchInlineSnapshot(`
    "NAMESPACE  NAME   MEMBERS  PROBLEMS  REVISION  MESSAGE
    shop       apps   2        0         aaaaaaaa  -
    shop       bad    2        1         -         PL-YAML-TAB apps/x: a tab where YAML wants spaces
    shop       away   2        1         -         nothing is removed: https://git.example: it does not answer
    shop       going  2        0         -         is being deleted, with the objects of its applications
    "
  `);
  expect((await runPlumb([...args, "-o", "name"])).stdout).toBe("shop/apps\nshop/bad\nshop/away\nshop/going\n");
});

test("get clusters prints how each is reached, and of one that cannot be used where and why", async () => {
  const { url, control } = await startServer();
  const args = ["get", "clusters", "--server", url, "-o"];
  const home = {
    name: "home",
    declaredBy: "this server, with /etc/kubeconfig",
    warnings: [],
    watches: 4,
    applications: 2,
  };
  const refused = {
    ...problem(),
    code: "PL-CLUSTER-CONFIG" as const,
    message: "a kubeconfig from the cluster may not name a program: exec is set",
    where: "Secret plumbline-system/us kubeconfig users[0].user.exec",
  };
  const shown = { state: "Answers" as const, server: "https://home.example", version: "v1.36.0" };
  const us = { name: "us", declaredBy: "Secret plumbline-system/us", warnings: [], watches: 0, applications: 1 };
  const eu = { ...us, name: "eu", declaredBy: "Secret plumbline-system/eu", warnings: ["it is not checked"] };
  control.declaredClusters.push(
    ...[
      { ...home, ...shown },
      { ...us, state: "Refused" as const, problem: refused },
    ],
    { ...eu, state: "Idle", server: "https://eu.example:6443", applications: 0 },
  );
  expect((await runPlumb([...args, "wide"])).stdout).toMatchInlineSnapshot(`
    "NAME  STATE    SINCE  APPLICATIONS  VERSION  SERVER                   WATCHES  DECLARED BY                        MESSAGE
    home  Answers  -      2             v1.36.0  https://home.example     4        this server, with /etc/kubeconfig  -
    us    Refused  -      1             -        -                        0        Secret plumbline-system/us         PL-CLUSTER-CONFIG Secret plumbline-system/us kubeconfig users[0].user.exec: a kubeconfig from the cluster may not name a program: exec is set
    eu    Idle     -      0             -        https://eu.example:6443  0        Secret plumbline-system/eu         it is not checked
    "
  `);
  const { items } = JSON.parse((await runPlumb([...args, "json"])).stdout);
  expect(items).toMatchObject([{ name: "home", version: "v1.36.0", watches: 4 }, { problem: refused }, { name: "eu" }]);
  expect((await runPlumb([...args, "yaml"])).stdout).toContain(
    "where: Secret plumbline-system/us kubeconfig users[0].user.exec\n",
  );
  expect((await runPlumb([...args, "name"])).stdout).toBe("home\nus\neu\n");
});
