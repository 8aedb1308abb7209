import { randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import type { ServerCertificate } from "../git-server/certificate.ts";

export interface TokenServerOptions {
  /** Its key signs the tokens; the registry trusts the certificate. */
  readonly certificate: ServerCertificate;
  /** Who gets a token; undefined: everybody. */
  readonly basic?: { readonly username: string; readonly password: string };
  /** Said with each token, in seconds. */
  readonly expiresIn?: number;
}

export interface TokenServer {
  readonly realm: string;
  readonly issuer: string;
  /** Of each request: its query and its Authorization header. */
  readonly requests: { readonly scope: string; readonly authorization: string | undefined }[];
  stop(): Promise<void>;
}

/** Gives out tokens that the registry takes. Source: the distribution project, "Token Authentication". */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const requests: TokenServer["requests"] = [];
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://localhost");
    const { authorization } = request.headers;
    const scope = searchParams.get("scope") ?? "";
    requests.push({ scope, authorization });
    const { basic, expiresIn } = options;
    if (basic !== undefined && authorization !== basicHeader(basic)) return void response.writeHead(401).end();
    const token = tokenOf(options.certificate, { service: searchParams.get("service") ?? "", scope });
    response.end(JSON.stringify({ token, ...(expiresIn === undefined ? {} : { expires_in: expiresIn }) }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { realm: `http://127.0.0.1:${port}/token`, issuer: ISSUER, requests, stop };
}

const ISSUER = "the tests";

export function basicHeader({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A JSON Web Token that carries its certificate (RFC 7515, x5c). */
export function tokenOf(
  certificate: ServerCertificate,
  { service, scope }: { service: string; scope: string },
): string {
  const der = certificate.cert.replace(/-----[A-Z ]+-----|\s/g, "");
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    sub: "",
    aud: service,
    exp: seconds + 600,
    nbf: seconds - 10,
    iat: seconds,
    jti: randomUUID(),
    access: scope === "" ? [] : [accessOf(scope)],
  };
  const signed = [{ typ: "JWT", alg: "ES256", x5c: [der] }, claims].map(base64url).join(".");
  const signature = sign("sha256", Buffer.from(signed), { key: certificate.key, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function accessOf(scope: string) {
  const [type = "", name = "", actions = ""] = scope.split(":");
  return { type, name, actions: actions.split(",") };
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
