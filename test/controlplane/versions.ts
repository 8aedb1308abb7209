/** What the control plane is made of. modules/<part>/go.mod pins the same numbers (a test compares them). */
export const VERSIONS = { kubernetes: "1.36.3", etcd: "3.6.8", kwok: "0.8.0" } as const;

type PartName = keyof typeof VERSIONS;

/** One `go build`: the module folder under modules/, the package in it, what comes out, and other names for it. */
export interface Part {
  readonly name: PartName;
  readonly package: string;
  readonly linkerFlags: string;
  readonly links: readonly string[];
}

const STRIPPED = "-s -w";
const [major, minor] = VERSIONS.kubernetes.split(".");

// Without these three variables the API server calls itself v0.0.0, and clients that ask for its version fail.
const KUBERNETES_VERSION = [
  `-X k8s.io/component-base/version.gitVersion=v${VERSIONS.kubernetes}`,
  `-X k8s.io/component-base/version.gitMajor=${major}`,
  `-X k8s.io/component-base/version.gitMinor=${minor}`,
].join(" ");

export const PARTS: readonly Part[] = [
  { name: "etcd", package: ".", linkerFlags: STRIPPED, links: [] },
  {
    name: "kubernetes",
    package: ".",
    linkerFlags: `${STRIPPED} ${KUBERNETES_VERSION}`,
    links: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"],
  },
  { name: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", linkerFlags: STRIPPED, links: [] },
];
