import { BlockList, isIP } from "node:net";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** "host:port", "[::1]:port", "host", "::1" -> the host alone, in lower case. */
function hostOf(address: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(address);
  if (bracketed !== null) return (bracketed[1] ?? "").toLowerCase();
  const host = isIP(address) === 6 ? address : address.replace(/:\d*$/, "");
  return host.toLowerCase();
}

/** Whether the host of "host:port" can only be this machine: 127.0.0.0/8, ::1 or localhost. Every other name is a matter of DNS. */
export function isLoopback(address: string): boolean {
  const host = hostOf(address);
  if (host === "localhost") return true;
  const version = isIP(host);
  return version !== 0 && LOOPBACK.check(host, version === 6 ? "ipv6" : "ipv4");
}

/** Whether `serve` may listen at "host:port" only with authentication. An empty host means every address. */
export function requiresAuthentication(address: string): boolean {
  return !isLoopback(address);
}
