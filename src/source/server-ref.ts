import { corrupt } from "./pkt-line.ts";

/** One ref as the server lists it. */
export interface ServerRef {
  readonly ref: string;
  readonly oid: string;
  /** Of an annotated tag: the commit it leads to. */
  readonly peeled?: string;
  /** Of a symbolic ref (HEAD): the ref it stands for. */
  readonly target?: string;
}

/** By name. */
export type RefTable = ReadonlyMap<string, ServerRef>;

const OID = /^[0-9a-f]{40}$/;

function checkedOid(oid: string | undefined, repo: string): string {
  if (oid !== undefined && OID.test(oid)) return oid;
  throw corrupt(repo, "a ref without a SHA-1 object id (repositories with SHA-256 ids are not supported)");
}

/** `<oid> <ref>[ symref-target:<ref>][ peeled:<oid>]`. Source: Git, "gitprotocol-v2", ls-refs. */
export function parseListedRef(line: string, repo: string): ServerRef | undefined {
  const [oid, ref, ...attributes] = line.trimEnd().split(" ");
  // An empty repository lists "unborn HEAD ...".
  if (ref === undefined || oid === "unborn") return undefined;
  const peeled = attributes.find((one) => one.startsWith("peeled:"))?.slice("peeled:".length);
  const target = attributes.find((one) => one.startsWith("symref-target:"))?.slice("symref-target:".length);
  return {
    ref,
    oid: checkedOid(oid, repo),
    ...(peeled === undefined ? {} : { peeled: checkedOid(peeled, repo) }),
    ...(target === undefined ? {} : { target }),
  };
}

/** The line that `parseListedRef` reads. */
export function printListedRef({ oid, ref, target, peeled }: ServerRef): string {
  const symref = target === undefined ? "" : ` symref-target:${target}`;
  return `${oid} ${ref}${symref}${peeled === undefined ? "" : ` peeled:${peeled}`}`;
}

/** The ref advertisement of protocol v0 and v1: peeled tags are lines of their own, symbolic refs stand among the capabilities. */
export function parseAdvertisedRefs(lines: readonly string[], repo: string): ServerRef[] {
  const refs = new Map<string, ServerRef>();
  const targets = new Map<string, string>();
  for (const line of lines) {
    const [first = "", capabilities = ""] = line.trimEnd().split("\0");
    for (const [, name = "", target = ""] of capabilities.matchAll(/symref=([^: ]+):([^ ]+)/g))
      targets.set(name, target);
    const [oid, name = ""] = first.split(" ");
    if (name === "" || name === "capabilities^{}") continue;
    const tag = name.endsWith("^{}") ? refs.get(name.slice(0, -3)) : undefined;
    if (tag !== undefined) refs.set(tag.ref, { ...tag, peeled: checkedOid(oid, repo) });
    else refs.set(name, { ref: name, oid: checkedOid(oid, repo) });
  }
  return [...refs.values()].map((one) => {
    const target = targets.get(one.ref);
    return target === undefined ? one : { ...one, target };
  });
}
