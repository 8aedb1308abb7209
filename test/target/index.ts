/**
 * The cluster that a test runs against: the in-memory one of src/sandbox, or the real control plane. Files named *.both.test.ts run in
 * the projects `sandbox` and `cluster`; the project says which it is (vitest.config.ts).
 *
 * Promises: one shape for both (TestCluster), so that a test says nothing of where it runs. In the sandbox each test file has an API of
 * its own, started at its first use and ended with the file; the real one is shared by the run: use namespaces of your own in both.
 *
 * Refuses: what the sandbox has not (users, RBAC, an API server to kill). Such tests are *.cluster.test.ts and use test/controlplane.
 *
 * In: nothing. Out: describeTarget around the tests, testCluster() within them, ownCluster() where others would disturb, readObject() without a kubectl.
 */
export { describeTarget } from "./describe-target.ts";
export { readObject } from "./read-object.ts";
export { ownCluster, type TestCluster, testCluster } from "./test-cluster.ts";
