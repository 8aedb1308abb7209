import type { FastifyRequest } from "fastify";
import { PlumblineError } from "../model/index.ts";
import { type Authenticator, type Caller, LOCAL_CALLER } from "./caller.ts";
import { isLoopback } from "./loopback.ts";
import type { Api } from "./options.ts";

/** What a route asks of its caller. open: nothing. signed: a signature over the body, which the route checks itself.
 *  fleet: a token that is not limited to some applications. A route that says nothing asks for a viewer. */
type Access = "open" | "signed" | "viewer" | "operator" | "fleet";

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
    /** Of a route about one application: whether the replica that works on it answers (as where nothing is said), or whoever is asked, who asks all others. */
    answeredBy?: "owner" | "all";
  }
}

const ANONYMOUS: Caller = { name: "anonymous", role: "viewer", fleet: false, sees: () => false };
const CALLER = "caller";

export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/** Decides about every request before anything of it but the head is read; unknown addresses included. */
export function guard(app: Api, authentication: Authenticator | undefined): void {
  app.decorateRequest(CALLER, undefined);
  app.addHook("onRequest", async (request) => {
    const access = request.routeOptions.config.access ?? "viewer";
    const caller = authentication === undefined ? localCaller(request) : tokenCaller(request, authentication);
    request.setDecorator<Caller>(CALLER, caller ?? ANONYMOUS);
    if (access === "open" || access === "signed") return;
    if (authentication === undefined) requireLocal(request);
    else if (caller === undefined) throw unauthenticated(request);
    else requireRole(caller, access);
  });
}

function localCaller(request: FastifyRequest): Caller | undefined {
  return isLoopback(request.headers.host ?? "") ? LOCAL_CALLER : undefined;
}

function tokenCaller(request: FastifyRequest, authentication: Authenticator): Caller | undefined {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return token === undefined ? undefined : authentication.authenticate(token);
}

/** A page of another site can make its own name point at 127.0.0.1, and can send requests here: the Host header and
 *  Sec-Fetch-Site (or Origin, from older browsers) give both away. Programs send neither of the latter. */
function requireLocal(request: FastifyRequest): void {
  const { host = "" } = request.headers;
  if (!isLoopback(host)) {
    throw new PlumblineError("PL-API-HOST", { message: "the Host header names another machine", where: "Host" });
  }
  if (request.method !== "GET" && request.method !== "HEAD" && fromAnotherSite(request)) {
    throw new PlumblineError("PL-API-CROSS-SITE", {
      message: "the request comes from another site's page",
      where: "Origin",
    });
  }
}

function fromAnotherSite({ headers }: FastifyRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  return headers.origin !== undefined && headers.origin !== `http://${headers.host}`;
}

function unauthenticated(request: FastifyRequest): PlumblineError {
  const message = request.headers.authorization === undefined ? "the request has no token" : "the token is not known";
  return new PlumblineError("PL-API-UNAUTHENTICATED", { message, where: "Authorization" });
}

function requireRole(caller: Caller, access: Exclude<Access, "open" | "signed">): void {
  if (access === "operator" && caller.role !== "operator") {
    throw new PlumblineError("PL-API-FORBIDDEN", { message: `token ${caller.name} has the role ${caller.role}` });
  }
  if (access === "fleet" && !caller.fleet) {
    throw new PlumblineError("PL-API-FORBIDDEN", { message: `token ${caller.name} is limited to some applications` });
  }
}
