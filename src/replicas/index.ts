/**
 * replicas: who of several equal processes works on what.
 *
 * Promises: at every moment at most one replica has a tenure of a key (an application, a repository), and when a replica dies or joins,
 * the others have divided anew within seconds, moving as little as they can. A tenure is this process's own knowledge: it ends by its own
 * monotonic clock, before anybody else may take over. No clock is ever compared with that of another machine.
 *
 * Refuses: to know what a key is for, to write anything for it, and to let a replica that was cut off go on where it stopped: it begins anew.
 *
 * A NoticeBoard is where they see one another: Leases of Kubernetes (LeaseBoard), or Redis (openRedisBoard), which may forget what it has taken: after that nobody gains
 * anything until everybody who may be writing has spoken again (docs/decisions/0041).
 *
 * Peers is the way from one replica to another: HTTP to the API that each has anyway, with a secret that they share. It goes only to addresses that are signed with that secret.
 *
 * In: a key. Out: Division (types.ts); SOLE_DIVISION where there is one process, which costs nothing.
 */
export { LeaseBoard } from "./leases.ts";
export { createReplicas, type Replicas } from "./membership-loop.ts";
export type { NoticeBoard } from "./notice.ts";
export { createPeers, type PeerAnswer, type PeerRequest, type Peers, REPLICA_HEADER } from "./peers.ts";
export { openRedisBoard } from "./redis-board.ts";
export { SOLE_DIVISION } from "./sole.ts";
export type { Standing } from "./standing.ts";
export type { Division, Replica, Tenure } from "./types.ts";
export { vouchedBoard } from "./vouched.ts";
