import { isLoopbackHost } from "../../kit/loopback-host.ts";
import { PlumblineError } from "../../model/index.ts";
import { spelledUrl } from "../access.ts";

/** Where charts come from. */
export interface ChartLocation {
  readonly kind: "http" | "oci";
  /** As it was given: for messages. */
  readonly repo: string;
  /** In one spelling, for the settings and for telling repositories apart: https://… or oci://…, without a slash at the end. */
  readonly href: string;
  /** Of a Helm repository without a slash at the end; of a registry https (http on loopback) with the folder as its path. */
  readonly url: URL;
}

/** Errors: PL-CHART-URL for anything but http(s) and oci without user, password, query and fragment; its text never holds the password. */
export function checkedChartUrl(repo: string): ChartLocation {
  const kind = /^oci:\/\//i.test(repo) ? "oci" : "http";
  const text = kind === "oci" ? repo.replace(/^oci:/i, "https:") : repo;
  if (!URL.canParse(text)) throw refused("is no URL", undefined);
  const url = new URL(text);
  const where = `${kind === "oci" ? "oci:" : url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== "http:" && url.protocol !== "https:") throw refused("is neither http, https nor oci", where);
  if (url.username !== "" || url.password !== "") throw refused("carries a user or password", where);
  if (url.search !== "" || url.hash !== "") throw refused("carries a query or fragment", where);
  url.pathname = url.pathname.replace(/\/+$/, "");
  const href = url.href.replace(/\/$/, "");
  return { kind, repo, href: kind === "oci" ? (spelledUrl(repo) ?? href).replace(/\/+$/, "") : href, url };
}

/** Registries speak https; on this machine, where nobody listens in, http unless the settings name a certificate authority. */
export function registryOrigin(url: URL, hasAuthority: boolean): string {
  return isLoopbackHost(url.host) && !hasAuthority ? `http://${url.host}` : url.origin;
}

const SEGMENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const OCI_NAME = new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`);

/** The folder and the chart's name as the registry's own name. Errors: PL-CHART-NAME. Source: OCI distribution specification, "pulling manifests". */
export function ociName({ url, repo }: ChartLocation, chart: string): string {
  const name = `${url.pathname}/${chart}`.replace(/^\/+/, "");
  if (name.length <= 255 && OCI_NAME.test(name)) return name;
  const message = `a registry has no repository called ${JSON.stringify(name)}`;
  throw new PlumblineError("PL-CHART-NAME", { message, where: repo });
}

/** The last name of a chart in folders, as a file's name. Errors: PL-CHART-NAME for what cannot be one. */
export function fileNameOf(chart: string, repo: string): string {
  const name = chart.slice(chart.lastIndexOf("/") + 1);
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name;
  throw new PlumblineError("PL-CHART-NAME", {
    message: `${JSON.stringify(chart)} is no name of a chart`,
    where: repo,
  });
}

function refused(why: string, where: string | undefined): PlumblineError {
  const message = `the URL of the chart repository ${why}`;
  return new PlumblineError("PL-CHART-URL", where === undefined ? { message } : { message, where });
}
