import type { IncomingMessage, ServerResponse } from "node:http";
import { notInSandbox } from "../api-error.ts";
import { sendDocument } from "./answer.ts";
import { parseObject, readBody } from "./request.ts";

/** APIs of the real server that are about who somebody is and what they may do. */
const ABOUT_CALLERS = /^\/apis\/(authentication|authorization)\.k8s\.io\//;
const OWN_REVIEW = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

export function isAboutCallers(pathname: string): boolean {
  return ABOUT_CALLERS.test(pathname);
}

/** Whoever asks may do everything here, and is told so. Reviews of others are not done: nobody is known. Errors: 400, 501. */
export async function answerReview(
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (pathname !== OWN_REVIEW || request.method !== "POST")
    throw notInSandbox("access reviews of others: nobody is asked who they are");
  const body = await readBody(request);
  if (body.contentType.endsWith("protobuf")) throw notInSandbox("access reviews in protobuf");
  const { spec = {} } = parseObject(body);
  const names = { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1" };
  sendDocument(response, { code: 201, body: { ...names, metadata: {}, spec, status: { allowed: true } } });
}
