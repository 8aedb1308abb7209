import { PlumblineError } from "../../model/index.ts";
import type { RedisSettings } from "../../redis/index.ts";
import { readText } from "./read-text.ts";
import type { ServeFile } from "./serve-schema.ts";

const FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([^/]*))?(?:\/(\d+))?$/;
const NODE = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/;
const PORT = 6379;
const SENTINEL_PORT = 26379;

type Given = Pick<ServeFile, "redisPasswordFile" | "redisCaFile"> & { readonly redis: string };

/**
 * `redis://HOST:PORT/DB`, `redis+sentinel://HOST:PORT,HOST:PORT/MASTER/DB`, `redis+cluster://HOST:PORT,HOST:PORT`; each with `rediss` for TLS and `USER@` before the
 * hosts. A password stands in a file, never here: a command line is read by every process of the machine. Errors: PL-CONFIG-INVALID, PL-CONFIG-UNREADABLE.
 */
export async function redisSettings({ redis: url, ...files }: Given): Promise<RedisSettings> {
  const [, scheme, form, user, hosts = "", first = "", second] = FORM.exec(url) ?? [];
  if (scheme === undefined) throw refused(`it has none of the forms of a Redis URL`);
  if (user?.includes(":") === true)
    throw refused("it has a password, which every process of the machine can read there");
  const kind = form === undefined ? "single" : (form as "sentinel" | "cluster");
  const db = kind === "sentinel" ? second : first;
  if (db !== undefined && !/^\d{0,4}$/.test(db)) throw refused("its database is no number");
  if (kind === "cluster" && Number(db) > 0) throw refused("a Redis Cluster has no numbered databases");
  if (kind === "sentinel" && first === "") throw refused("it does not say which master the sentinels are asked for");
  const nodes = hosts.split(",").map((node) => nodeOf(node, kind));
  if (kind === "single" && nodes.length > 1) throw refused("several hosts are redis+sentinel:// or redis+cluster://");
  const tls = scheme === "rediss";
  if (files.redisCaFile !== undefined && !tls)
    throw refused("certificate authorities are for rediss://, which has TLS");
  return {
    ...{ kind, nodes, tls },
    ...(kind === "sentinel" ? { master: decodeURIComponent(first) } : {}),
    ...(kind !== "cluster" && db !== undefined && db !== "" ? { db: Number(db) } : {}),
    ...(user === undefined || user === "" ? {} : { username: decodeURIComponent(user) }),
    ...(await fromFiles(files)),
  };
}

async function fromFiles({ redisPasswordFile, redisCaFile }: Omit<Given, "redis">) {
  return {
    ...(redisPasswordFile === undefined ? {} : { password: await passwordIn(redisPasswordFile) }),
    ...(redisCaFile === undefined ? {} : { ca: await readText(redisCaFile) }),
  };
}

/** Errors: PL-CONFIG-INVALID where there is none in it: Redis would be asked as nobody. */
async function passwordIn(file: string): Promise<string> {
  const password = (await readText(file)).trim();
  if (password !== "") return password;
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message: "it is empty",
    where: file,
    next: "put the password for Redis into it, or leave --redis-password-file away",
  });
}

function nodeOf(text: string, kind: RedisSettings["kind"]): RedisSettings["nodes"][number] {
  const [, ipv6, name, port = kind === "sentinel" ? SENTINEL_PORT : PORT] = NODE.exec(text) ?? [];
  const host = ipv6 ?? name;
  if (host === undefined || Number(port) > 65_535) throw refused("one of its hosts is no HOST:PORT");
  return { host, port: Number(port) };
}

/** The URL itself is not told: what was taken for a user may be a password. */
function refused(message: string): PlumblineError {
  return new PlumblineError("PL-CONFIG-INVALID", {
    message,
    where: "--redis",
    next: "give redis://[USER@]HOST:PORT[/DB], and the password in a file with --redis-password-file",
  });
}
