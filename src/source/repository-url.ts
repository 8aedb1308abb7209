import { sha256 } from "../kit/hash.ts";
import { PlumblineError } from "../model/index.ts";

/** The URL in one spelling. Errors: PL-GIT-URL for anything but http(s) without user, password, query and fragment; the text of it never holds the password. */
export function checkedUrl(repo: string): URL {
  const url = URL.canParse(repo) ? new URL(repo) : undefined;
  if (url === undefined) throw refused("is no URL", undefined);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refused("is neither http nor https", url);
  if (url.username !== "" || url.password !== "") throw refused("carries a user or password", url);
  if (url.search !== "" || url.hash !== "") throw refused("carries a query or fragment", url);
  if (url.pathname.length < 2) throw refused("has no path", url);
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

function refused(why: string, url: URL | undefined): PlumblineError {
  const message = `the URL of the repository ${why}`;
  if (url === undefined || url.host === "") return new PlumblineError("PL-GIT-URL", { message });
  return new PlumblineError("PL-GIT-URL", { message, where: `${url.protocol}//${url.host}${url.pathname}` });
}

/** Name of the mirror's folder. The URL holds no credentials, so the name gives none away. */
export function mirrorName(url: URL): string {
  return sha256(url.href);
}
