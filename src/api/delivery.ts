import { parseJson } from "../kit/parse-json.ts";
import { isJsonObject, type JsonObject, PlumblineError } from "../model/index.ts";
import type { Delivery } from "../sync/index.ts";

/** The revision of a push that deleted its branch. */
const NO_COMMIT = /^0+$/;

/** Errors: PL-WEBHOOK-BODY. `form`: the JSON stands in the field `payload`, as GitHub sends it when it is told to send a form. */
export function parseDeliveryBody(body: Uint8Array, form: boolean): JsonObject {
  const text = new TextDecoder().decode(body);
  const json = form ? (new URLSearchParams(text).get("payload") ?? "") : text;
  const parsed = parseJson(json);
  if (isJsonObject(parsed)) return parsed;
  throw new PlumblineError("PL-WEBHOOK-BODY", { message: "the body is no JSON object" });
}

function textAt(body: JsonObject, key: string): string | undefined {
  const value = Object.hasOwn(body, key) ? body[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function delivery(urls: readonly string[], ref: string | undefined, revision: string | undefined): Delivery {
  return { urls, ...(ref === undefined ? {} : { ref }), ...(revision === undefined ? {} : { revision }) };
}

/** A push as GitHub (and Gitea, Forgejo) tells it. Errors: PL-WEBHOOK-BODY. */
export function githubDelivery(body: JsonObject): Delivery {
  const repository = Object.hasOwn(body, "repository") ? body["repository"] : undefined;
  const urls = isJsonObject(repository)
    ? ["clone_url", "html_url", "git_url", "ssh_url"]
        .map((key) => textAt(repository, key))
        .filter((url) => url !== undefined)
    : [];
  if (urls.length === 0) {
    throw new PlumblineError("PL-WEBHOOK-BODY", {
      message: "the push names no repository",
      where: "repository.clone_url",
    });
  }
  const after = textAt(body, "after");
  return delivery(urls, textAt(body, "ref"), after !== undefined && NO_COMMIT.test(after) ? undefined : after);
}

/** `{ repo, ref?, revision? }`. Errors: PL-WEBHOOK-BODY. */
export function genericDelivery(body: JsonObject): Delivery {
  const repo = textAt(body, "repo");
  if (repo !== undefined) return delivery([repo], textAt(body, "ref"), textAt(body, "revision"));
  throw new PlumblineError("PL-WEBHOOK-BODY", { message: "the body names no repository", where: "repo" });
}
