/** host/path of any spelling of a repository's address; undefined where there is neither. */
function placeOf(address: string): string | undefined {
  const text = address.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  const scp = scheme === null ? /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/\/)(.+)$/s.exec(text) : null;
  if (scp !== null) return joinPlace(scp[1] ?? "", scp[2] ?? "");
  if (scheme === null) return undefined;
  const [, protocol = "", rest = ""] = scheme;
  const slash = rest.indexOf("/");
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return joinPlace(withoutUsualPort(protocol.toLowerCase(), host), slash < 0 ? "" : rest.slice(slash));
}

function withoutUsualPort(protocol: string, host: string): string {
  const usual: { readonly [protocol: string]: string } = { http: ":80", https: ":443", ssh: ":22", git: ":9418" };
  const port = usual[protocol];
  return port !== undefined && host.endsWith(port) ? host.slice(0, -port.length) : host;
}

function joinPlace(host: string, path: string): string | undefined {
  const plain = path
    .split("/")
    .filter(Boolean)
    .map(decoded)
    .join("/")
    .replace(/\.git$/, "");
  return host === "" || plain === "" ? undefined : `${host.toLowerCase()}/${plain}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A lone percent sign stands for itself.
    return part;
  }
}

/**
 * host/path of an address, for who decides by it whether it may be read: undefined for whatever another reader might take for another place, so
 * steps up or to nowhere, backslashes, queries, fragments, blanks.
 */
export function surePlaceOf(address: string): string | undefined {
  if (/[\\?#\s\p{Cc}]/u.test(address)) return undefined;
  const place = placeOf(address);
  return place === undefined || place.split("/").some((part) => part === "." || part === "..") ? undefined : place;
}

/**
 * Whether two addresses name the same repository, whatever the spelling: http, https, ssh or scp form, with or without ".git",
 * user, usual port, slashes at the end; the case of the host does not count, that of the path does.
 * An address without a host or path is the same as nothing, itself included.
 */
export function sameRepository(a: string, b: string): boolean {
  const place = placeOf(a);
  return place !== undefined && place === placeOf(b);
}
