import { expect, test } from "vitest";
import { declaredIn } from "../../src/cluster/declared-secrets.ts";
import { embeddedAccess } from "../../src/cluster/embedded-kubeconfig.ts";
import { type LiveObject, type Problem, toProblem } from "../../src/model/index.ts";

const SECRET = "s3cr3t-of-the-cluster";

interface Parts {
  readonly cluster?: object;
  readonly user?: object;
  readonly [field: string]: unknown;
}

function kubeconfig({ cluster = {}, user = {}, ...more }: Parts = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "eu",
    clusters: [{ name: "eu", cluster: { server: "https://eu.example:6443", ...cluster } }],
    users: [{ name: "eu", user: { token: SECRET, ...user } }],
    contexts: [{ name: "eu", context: { cluster: "eu", user: "eu" } }],
    ...more,
  });
}

function refusalOf(text: string): Problem {
  try {
    embeddedAccess(text, "Secret plumbline-system/eu kubeconfig");
  } catch (error) {
    return toProblem(error);
  }
  throw new Error("it was taken");
}

test.each([
  ["exec", { user: { exec: { command: "/bin/sh", args: [SECRET] } } }, "users[0].user.exec"],
  ["auth-provider", { user: { "auth-provider": { name: "gcp" } } }, "users[0].user.auth-provider"],
  ["tokenFile", { user: { tokenFile: "/etc/shadow" } }, "users[0].user.tokenFile"],
  ["token-file", { user: { "token-file": "/etc/shadow" } }, "users[0].user.token-file"],
  ["client-certificate", { user: { "client-certificate": "/etc/crt" } }, "users[0].user.client-certificate"],
  ["client-key", { user: { "client-key": "/etc/key" } }, "users[0].user.client-key"],
  [
    "certificate-authority",
    { cluster: { "certificate-authority": "ca.crt" } },
    "clusters[0].cluster.certificate-authority",
  ],
])("a kubeconfig from the cluster that sets %s is refused, at its place, with what to do", (field, parts, place) => {
  const problem = refusalOf(kubeconfig(parts));
  expect(problem.code).toBe("PL-CLUSTER-CONFIG");
  expect(problem.where).toBe(`Secret plumbline-system/eu kubeconfig ${place}`);
  expect(problem.message).toMatch(new RegExp(`may not name (a file|a program): ${field} is set`));
  expect(problem.next).toContain("certificate-authority-data");
  expect(JSON.stringify(problem)).not.toContain(SECRET);
});

test("it is refused also where it stands in an entry that is not chosen", () => {
  const others = [
    { name: "eu", user: { token: SECRET } },
    { name: "other", user: { exec: { command: "sh" } } },
  ];
  expect(refusalOf(kubeconfig({ users: others })).where).toContain("users[1].user.exec");
});

test("what is no kubeconfig is refused without a word of its text", () => {
  const broken = [
    `a: [${SECRET}`,
    `users: ${SECRET}`,
    SECRET,
    "",
    "[]",
    kubeconfig({ contexts: SECRET }),
    kubeconfig({ "current-context": "us" }),
  ];
  for (const text of broken) {
    const problem = refusalOf(text);
    expect(problem.code).toBe("PL-CLUSTER-CONFIG");
    expect(JSON.stringify(problem)).not.toContain(SECRET);
  }
  expect(refusalOf(`a: 1\nb: [${SECRET}`).message).toMatch(/line [23]/);
});

const pem = (what: string) => Buffer.from(`-----BEGIN ${what}-----\nAA==\n`).toString("base64");

test.each([
  ["its own file", { cluster: { server: "/etc/kubernetes" } }, "server", "no URL that begins with https://"],
  ["a server of another kind", { cluster: { server: "unix:///run/x" } }, "server", "no URL"],
  ["a proxy that is no URL", { cluster: { "proxy-url": "proxy:3128" } }, "proxy-url", "no URL"],
  [
    "a path as authority",
    { cluster: { "certificate-authority-data": "/etc/ca.crt" } },
    "certificate-authority-data",
    "no certificate in PEM",
  ],
  [
    "a key that is none",
    { user: { "client-certificate-data": pem("CERTIFICATE"), "client-key-data": SECRET } },
    "client-key-data",
    "no private key in PEM",
  ],
  [
    "a certificate alone",
    { user: { "client-certificate-data": pem("CERTIFICATE") } },
    "client-key-data",
    "without its key",
  ],
])("%s is refused before anybody asks, by the field's name", (_, parts, field, message) => {
  const problem = refusalOf(kubeconfig(parts));
  expect(problem).toMatchObject({ code: "PL-CLUSTER-CONFIG", where: `Secret plumbline-system/eu kubeconfig ${field}` });
  expect(problem.message).toContain(message);
  expect(JSON.stringify(problem)).not.toContain(SECRET);
});

test("what is encoded twice, or chooses no context, is told so", () => {
  expect(refusalOf(Buffer.from(kubeconfig()).toString("base64")).message).toContain("encoded in base64 twice");
  const { message, next } = refusalOf(kubeconfig({ "current-context": "" }));
  expect([message, next]).toEqual([
    "no context is chosen",
    "set current-context, and the context, cluster and user that it leads to",
  ]);
  expect(refusalOf(kubeconfig({ "current-context": "us" })).message).toBe('there is no context "us"; there are: eu');
});

test("credentials in place, a proxy and a server's name for TLS are taken as they are", () => {
  const cluster = {
    "proxy-url": "http://proxy.example:3128",
    "tls-server-name": "api",
    "certificate-authority-data": pem("CERTIFICATE"),
  };
  const access = embeddedAccess(kubeconfig({ cluster }), "Secret plumbline-system/eu kubeconfig");
  expect(access).toMatchObject({ name: "eu", user: { token: SECRET } });
  expect(access.cluster).toMatchObject({
    proxyUrl: "http://proxy.example:3128",
    tlsServerName: "api",
    caData: pem("CERTIFICATE"),
  });
});

function secret(
  name: string,
  { cluster = "eu", text = kubeconfig(), namespace = "plumbline-system" } = {},
): LiveObject {
  const metadata = { name, namespace, uid: name, resourceVersion: "1", labels: { "plumbline.dev/cluster": cluster } };
  return { apiVersion: "v1", kind: "Secret", metadata, data: { kubeconfig: Buffer.from(text).toString("base64") } };
}

test("Secrets of Plumbline's own namespace declare clusters, and no other's do", () => {
  const [one, ...others] = declaredIn(
    [secret("a"), secret("b", { namespace: "team", cluster: "us" })],
    "plumbline-system",
  );
  expect(others).toEqual([]);
  expect(one).toMatchObject({ name: "eu", declaredBy: "Secret plumbline-system/a", warnings: [] });
  const bare = { ...secret("a"), data: {} };
  expect(declaredIn([bare], "plumbline-system")).toMatchObject([{ way: { error: { code: "PL-CLUSTER-CONFIG" } } }]);
});

test("of two Secrets for one cluster neither counts, and both are named", () => {
  const [one] = declaredIn([secret("a"), secret("b")], "plumbline-system");
  expect(one).toMatchObject({
    way: { error: { code: "PL-CLUSTER-CONFIG", message: expect.stringContaining("a, b") } },
  });
});

test("a certificate that is not checked is told as a warning", () => {
  const text = kubeconfig({ cluster: { "insecure-skip-tls-verify": true } });
  expect(declaredIn([secret("a", { text })], "plumbline-system")[0]?.warnings[0]).toContain("insecure-skip-tls-verify");
});
