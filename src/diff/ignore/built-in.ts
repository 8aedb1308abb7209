import { globMatches } from "../../kit/glob.ts";
import { isJsonObject, type Json, type KubeObject, type LiveObject } from "../../model/index.ts";
import { isList, jsonOf } from "../field-path.ts";
import { isZero } from "../value-equality.ts";
import type { FieldRule } from "./field-rule.ts";
import { readPointer } from "./segments.ts";

interface Objects {
  readonly desired: KubeObject;
  readonly live: LiveObject | undefined;
}

/** What Plumbline leaves to others by itself: fields that the cluster fills in, though Git may name them. */
interface BuiltIn {
  /** Looked at first, for it is cheap. */
  readonly when: (objects: Objects) => boolean;
  readonly rule: FieldRule;
}

type Row = Pick<FieldRule, "only" | "isSent" | "to" | "reason"> & Pick<BuiltIn, "when"> & { readonly path: string };

function builtIn({ path, when, ...rest }: Row): BuiltIn {
  return { when, rule: { ...rest, source: "built-in", ways: [readPointer(path)] } };
}

const ALLOCATED = "Git leaves it open, and the API server allocates it";
const INJECTED = "certificates are injected into it";

const isOpen: NonNullable<FieldRule["only"]> = ({ desired }) => isZero(desired);

/** Git asks for a value to be chosen by naming the field empty. */
function allocated(field: string): BuiltIn {
  return builtIn({
    path: `/spec/${field}`,
    when: ({ desired: { spec } }) => isJsonObject(spec) && Object.hasOwn(spec, field) && isZero(spec[field]),
    isSent: true,
    to: "the API server",
    reason: ALLOCATED,
  });
}

/** The cluster writes the field, where Git does not. */
function filledIn(path: string, reason: string): BuiltIn {
  const names = path.split("/").slice(1);
  return builtIn({
    path,
    when: ({ desired, live }) => isZero(valueAt(desired, names)) && !isZero(live && valueAt(live, names)),
    isSent: true,
    reason,
  });
}

function valueAt(object: KubeObject, names: readonly string[]): Json | undefined {
  let value: Json | undefined = jsonOf(object);
  for (const name of names) value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** Annotations by which an object asks for a bundle. Sources: cert-manager, "CA Injector"; OpenShift, "Service CA"; Kyverno and others write
 *  where nothing is, which `isUnclaimed` covers. */
const INJECTION = [
  "cert-manager.io/inject-ca-from",
  "cert-manager.io/inject-ca-from-secret",
  "cert-manager.io/inject-apiserver-ca",
  "service.beta.openshift.io/inject-cabundle",
];
const INJECTORS = ["*cainjector*", "*ca-injector*", "service-ca-operator", "olm"];
/** What generators write so that the field is there: nothing, or a line end in base64. */
const PLACEHOLDERS = new Set<Json>(["Cg==", "Cgo=", "IA=="]);

const isUnclaimed: NonNullable<FieldRule["only"]> = ({ desired, manager }) =>
  isZero(desired) ||
  PLACEHOLDERS.has(desired ?? "") ||
  INJECTORS.some((pattern) => globMatches(pattern, manager ?? ""));

function asksForBundle({ desired }: Objects): boolean {
  const annotations: unknown = desired.metadata.annotations;
  return isJsonObject(annotations) && INJECTION.some((name) => Object.hasOwn(annotations, name));
}

function injected(path: string): BuiltIn[] {
  return [
    builtIn({ path, when: asksForBundle, reason: INJECTED }),
    builtIn({ path, when: (objects) => !asksForBundle(objects), only: isUnclaimed, reason: INJECTED }),
  ];
}

const webhookBundles = injected("/webhooks/*/clientConfig/caBundle");

const BUILT_IN = new Map<string, readonly BuiltIn[]>([
  [
    "rbac.authorization.k8s.io/ClusterRole",
    [
      builtIn({
        path: "/rules",
        when: ({ desired }) => isJsonObject(desired["aggregationRule"]),
        to: "clusterrole-aggregation-controller",
        reason: "the rules of an aggregated ClusterRole are those of the roles that it selects",
      }),
    ],
  ],
  ["admissionregistration.k8s.io/MutatingWebhookConfiguration", webhookBundles],
  ["admissionregistration.k8s.io/ValidatingWebhookConfiguration", webhookBundles],
  ["apiextensions.k8s.io/CustomResourceDefinition", injected("/spec/conversion/webhook/clientConfig/caBundle")],
  ["apiregistration.k8s.io/APIService", injected("/spec/caBundle")],
  [
    "/Service",
    [
      ...["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"].map(allocated),
      builtIn({
        path: "/spec/ports/*/nodePort",
        when: ({ desired }) => hasOpenNodePort(desired["spec"]),
        only: isOpen,
        isSent: true,
        to: "the API server",
        reason: ALLOCATED,
      }),
    ],
  ],
  ["/PersistentVolumeClaim", [filledIn("/spec/volumeName", "a claim is bound to a volume by the cluster")]],
  ["/PersistentVolume", [filledIn("/spec/claimRef", "a volume is bound to a claim by the cluster")]],
  ["/ServiceAccount", [filledIn("/secrets", "the cluster makes an account's tokens")]],
  ["/Pod", [filledIn("/spec/nodeName", "the scheduler chooses the Node")]],
  ["batch/Job", [filledIn("/spec/selector", ALLOCATED)]],
]);

function hasOpenNodePort(spec: unknown): boolean {
  const ports = isJsonObject(spec) ? spec["ports"] : undefined;
  return isList(ports) && ports.some((port) => isJsonObject(port) && "nodePort" in port && isZero(port["nodePort"]));
}

const NONE: readonly FieldRule[] = [];

/** The built-in rules that an object has use for; the same empty list where it has for none. `key` is `<group>/<Kind>`. */
export function builtInRules(key: string, objects: Objects): readonly FieldRule[] {
  const rows = BUILT_IN.get(key)?.filter(({ when }) => when(objects)) ?? [];
  return rows.length === 0 ? NONE : rows.map(({ rule }) => rule);
}

/** The replicas of whatever a live HorizontalPodAutoscaler targets. */
export function autoscalerRule(name: string): FieldRule {
  return {
    source: "built-in",
    ways: [readPointer("/spec/replicas")],
    to: `HorizontalPodAutoscaler ${name}`,
    reason: "it sets the number of replicas",
  };
}
