/**
 * Whether a request's Host header names this machine by a name that no DNS server answers for: 127.0.0.1, localhost or [::1], with
 * any port. A page in a browser may reach loopback under a name of its own (DNS rebinding); it cannot choose this header.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(host ?? "");
}
