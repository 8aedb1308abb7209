import { expect, test } from "vitest";
import { type Application, type Problem, type Project, type Ref, toProblem } from "../../src/model/index.ts";
import { type KnownProjects, type Subject, Tenancy } from "../../src/sync/tenancy.ts";
import { project, SHOP } from "../plan/project/projects.ts";
import { application, status } from "./applications.ts";

const SOURCE = { repo: "https://git.example/shop/web.git" };

function declared(name: string, spec: object = {}, by = "file apps"): Subject {
  const [namespace = "", own = ""] = name.split("/");
  const plain = application(own, [], { source: SOURCE, destination: { namespace: "shop" }, ...spec });
  return { application: { ...plain, metadata: { ...plain.metadata, namespace } }, by };
}

function tenancyOf(
  projects: readonly Project[],
  others: readonly Application[] = [],
  rest: Partial<KnownProjects> = {},
) {
  const tenancy = new Tenancy({
    ...{ ownNamespace: "plumbline-system", cluster: "here" },
    application: (name) => others.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === name),
  });
  tenancy.set({ projects, ...rest }, []);
  return tenancy;
}

const codes = ({ problems }: { readonly problems: readonly Problem[] }): string[] => problems.map(({ code }) => code);
const SECRET: Ref = { group: "", version: "v1", kind: "Secret", namespace: "shop", name: "key" };

test("without any Project everybody may do everything, wherever the declaration comes from", () => {
  for (const by of ["", "file apps", "cluster", "cluster team-a/many"]) {
    expect(tenancyOf([]).of(declared("team-a/web", {}, by))).toEqual({ problems: [] });
  }
});

test("an application that names a Project that is not there does nothing", () => {
  const ruled = tenancyOf([]).of(declared("default/web", { project: "shop" }));
  expect(ruled.problems).toMatchObject([{ code: "PL-PROJECT-MISSING", message: "there is no Project shop" }]);
});

test("the Project named default holds for applications that name none; where there is none, those of files are free", () => {
  const plain = declared("default/web");
  expect(codes(tenancyOf([project("default", {})]).of(plain))).toContain("PL-PROJECT-REPOSITORY");
  expect(tenancyOf([project("default", SHOP)]).of(plain).rules?.project.metadata.name).toBe("default");
  expect(tenancyOf([project("shop", SHOP)]).of(plain)).toEqual({ problems: [] });
});

test("from the first Project on, an Application object of another namespace needs one that takes it", () => {
  const taking = project("shop", { ...SHOP, applicationNamespaces: ["team-*"] });
  const tenancy = tenancyOf([taking]);
  expect(codes(tenancy.of(declared("team-a/web", {}, "cluster")))).toEqual(["PL-PROJECT-NONE"]);
  expect(codes(tenancy.of(declared("team-a/web", { project: "shop" }, "cluster")))).toEqual([]);
  expect(codes(tenancy.of(declared("team-a/web", { project: "shop" }, "cluster team-a/many")))).toEqual([]);
  expect(codes(tenancy.of(declared("other/web", { project: "shop" }, "cluster other/many")))).toEqual([
    "PL-PROJECT-NAMESPACE",
  ]);
  expect(codes(tenancy.of(declared("plumbline-system/web", {}, "cluster")))).toEqual([]);
  // A file belongs to whoever runs Plumbline: its namespaces are names and no more.
  expect(codes(tenancy.of(declared("other/web", { project: "shop" })))).toEqual([]);
});

test("where Projects are required nobody does anything without one, from a file neither, and whichever was deleted last", () => {
  const parts = { ownNamespace: "plumbline-system", cluster: "here", isRequired: true };
  const tenancy = new Tenancy({ ...parts, application: () => undefined });
  const plain = declared("default/web");
  expect(tenancy.of(plain).problems).toMatchObject([
    { code: "PL-PROJECT-NONE", message: expect.stringContaining("--projects required") },
  ]);
  tenancy.set({ projects: [project("default", SHOP)] }, []);
  expect(tenancy.of(plain)).toMatchObject({ problems: [], project: "default" });
  tenancy.set({ projects: [] }, []);
  expect(codes(tenancy.of(plain))).toEqual(["PL-PROJECT-NONE"]);
  expect(tenancy.whyKept(SECRET, { namespace: "default", by: "file apps", project: undefined })).toContain(
    "wants a Project",
  );
});

test("while Projects cannot be seen nobody does anything", () => {
  const tenancy = tenancyOf([project("shop", SHOP)], [], { unseen: "may not list projects" });
  expect(codes(tenancy.of(declared("default/web")))).toEqual(["PL-PROJECT-UNSEEN"]);
  expect(codes(tenancy.of(declared("default/web", { project: "shop" })))).toEqual(["PL-PROJECT-UNSEEN"]);
});

test("a Project that cannot be read holds its own applications, and no others", () => {
  const problem = toProblem(new Error("misspelt"));
  const tenancy = tenancyOf([project("shop", SHOP)], [], { unread: new Map([["broken", problem]]) });
  expect(tenancy.of(declared("default/web", { project: "broken" })).problems).toEqual([problem]);
  expect(codes(tenancy.of(declared("default/web", { project: "shop" })))).toEqual([]);
  const whole = tenancyOf([], [], { unread: new Map([["default", problem]]) });
  expect(whole.of(declared("default/web")).problems).toEqual([problem]);
});

test("who depends on an application of another project needs leave; of one that is not there nobody knows", () => {
  const other = declared("default/db", { project: "data" }).application as Application;
  const free = declared("default/free").application as Application;
  const on = (name: string) => declared("default/web", { project: "shop", dependsOn: [{ name }] });
  const spec = (dependencies: string[]) => [project("shop", { ...SHOP, dependencies }), project("data", SHOP)];
  expect(tenancyOf(spec([]), [other, free]).of(on("db")).problems).toMatchObject([
    {
      code: "PL-PROJECT-DEPENDENCY",
      message: "Project shop, rule dependencies: application default/db is of project data",
    },
  ]);
  expect(codes(tenancyOf(spec(["da*"]), [other, free]).of(on("db")))).toEqual([]);
  expect(tenancyOf(spec(["data"]), [other, free]).of(on("free")).problems[0]?.message).toContain("is of no project");
  expect(codes(tenancyOf(spec(["*"]), [other, free]).of(on("free")))).toEqual([]);
  expect(codes(tenancyOf(spec([]), [other, free]).of(on("absent")))).toEqual([]);
});

test("a service account that is not clear is told without any Project, too", () => {
  const unclear = declared("default/web", { serviceAccount: "deployer", destination: {} });
  expect(codes(tenancyOf([]).of(unclear))).toEqual(["PL-SERVICE-ACCOUNT"]);
  expect(codes(tenancyOf([project("default", SHOP)]).of(unclear))).toContain("PL-SERVICE-ACCOUNT");
});

test("those that a change concerns are told, and no others", () => {
  const shop = declared("default/a", { project: "shop" });
  const data = declared("default/b", { project: "data" });
  const none = declared("default/c");
  const all = [shop, data, none];
  const tenancy = tenancyOf([project("shop", SHOP), project("data", SHOP)]);
  expect(tenancy.set({ projects: [project("shop", SHOP), project("data", SHOP)] }, all)).toEqual([]);
  expect(
    tenancy.set({ projects: [project("shop", { ...SHOP, kinds: { deny: ["Pod"] } }), project("data", SHOP)] }, all),
  ).toEqual([shop]);
  expect(tenancy.set({ projects: [project("shop", { ...SHOP, kinds: { deny: ["Pod"] } })] }, all)).toEqual([data]);
  const withDefault = [project("shop", { ...SHOP, kinds: { deny: ["Pod"] } }), project("default", SHOP)];
  expect(tenancy.set({ projects: withDefault }, all)).toEqual([none]);
});

test("an application that is deleted deletes what its Project lets it, and nothing where that is not there", () => {
  const standing = { namespace: "default", by: "file apps", project: "shop" };
  expect(tenancyOf([project("shop", SHOP)]).whyKept(SECRET, standing)).toContain("rule kinds.deny: Secret");
  expect(tenancyOf([project("shop", SHOP)]).whyKept({ ...SECRET, kind: "ConfigMap" }, standing)).toBeUndefined();
  expect(tenancyOf([]).whyKept(SECRET, standing)).toBe("there is no Project shop");
  expect(tenancyOf([]).whyKept(SECRET, { ...standing, project: undefined })).toBeUndefined();
});

test("the folders of a declaration of many are looked at only where its Project allows the repository", () => {
  const fleet = (spec: object) => ({
    ...({
      apiVersion: "plumbline.dev/v1alpha1",
      kind: "Application",
      metadata: { name: "many", namespace: "team-a" },
    } as const),
    spec: {
      ...{
        each: { name: "{{ path.name }}" },
        source: { repo: SOURCE.repo, ref: "main", path: "*" },
        sync: { interval: "60s" },
      },
      ...spec,
    },
  });
  const tenancy = tenancyOf([project("shop", { ...SHOP, applicationNamespaces: ["team-a"] })]);
  const why = (spec: object, by: string) => tenancy.whyUnread(fleet(spec), by)?.code;
  expect(why({ project: "shop" }, "cluster")).toBeUndefined();
  expect(why({ project: "gone" }, "cluster")).toBe("PL-PROJECT-MISSING");
  expect(why({}, "cluster")).toBe("PL-PROJECT-NONE");
  // What a template of a stranger will be nobody knows before it is looked at.
  expect(why({ project: "{{ path.name }}" }, "cluster")).toBe("PL-PROJECT-NONE");
  expect(why({ project: "{{ path.name }}" }, "file apps")).toBeUndefined();
  const elsewhere = { repo: "https://git.example/other/apps", ref: "main", path: "*" };
  expect(why({ project: "shop", source: elsewhere }, "cluster")).toBe("PL-PROJECT-REPOSITORY");
});

test("a Project says of whom it is, and who is held", () => {
  const good = declared("default/good", { project: "shop" });
  const bad = declared("default/bad", { project: "shop", destination: { namespace: "other" } });
  const tenancy = tenancyOf([project("shop", SHOP)]);
  const all = [good, bad, declared("default/free")];
  const names = { name: "shop", applications: ["default/bad", "default/good"], problems: [] };
  const problem = (code: Problem["code"]) => ({ code, message: "", next: "", retry: "interval" as const });
  const report = (code: Problem["code"]) => ({
    get: (name: string) => ({ ...status(name), problems: [problem(code)] }),
  });
  expect(tenancy.statuses(all, report("PL-YAML-TAB"))).toMatchObject([{ ...names, held: ["default/bad"] }]);
  // A manifest breaks a rule: only a pass knows that.
  expect(tenancy.statuses(all, report("PL-PROJECT-KIND"))).toMatchObject([{ ...names, held: names.applications }]);
});
