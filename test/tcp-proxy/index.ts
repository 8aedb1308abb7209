/**
 * tcp-proxy: a connection that can be broken, in front of a real server.
 *
 * It promises: bytes pass unchanged both ways until it is told otherwise, so TLS passes too. It can cut a connection after a
 * number of bytes from the server, hold all bytes back without a word, and refuse connections. It listens on a free loopback port.
 *
 * In: host and port of the server. Out: TcpProxy; `kubeconfigThrough` writes a kubeconfig whose server is the proxy.
 */
export { kubeconfigThrough } from "./kubeconfig-through.ts";
export { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
