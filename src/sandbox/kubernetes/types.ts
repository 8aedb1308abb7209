import type { GroupKind, GroupVersionKind, JsonObject, KubeObject, LiveObject, SchemaNode } from "../../model/index.ts";

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** Where a scale subresource finds its three values. Paths with dots, as in a CRD: ".spec.replicas". */
export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  /** A selector, as a string or as a LabelSelector. */
  readonly selector?: string;
}

/** One column of `kubectl get`, as a CustomResourceDefinition declares it. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** Above 0: only with -o wide. */
  readonly priority?: number;
  readonly jsonPath: string;
}

/** One resource as one version of its group serves it. All versions of a resource are one storage. */
export interface ServedResource extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** It has /status: writes to the one leave the other as it is. */
  readonly status: boolean;
  readonly scale: ScalePaths | undefined;
  /** A custom resource; the built-in ones are printed, defaulted and validated by tables of their own. */
  readonly custom: CustomFacts | undefined;
  /** Compiled when it is asked for the first time. */
  schema(): SchemaNode;
}

/** What a CustomResourceDefinition says of one version. */
export interface CustomFacts {
  readonly columns: readonly PrinterColumn[];
  /** spec.versions[].schema.openAPIV3Schema */
  readonly openApi: JsonObject;
}

/** Who writes, and how: becomes an entry in managedFields. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly subresource?: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
}

/** What controllers may do: the same verbs as over HTTP, in process. Errors: ApiError. */
export interface ObjectAccess {
  /** All objects of a kind, in every namespace, sorted by namespace and name. */
  list(kind: GroupKind): readonly LiveObject[];
  get(kind: GroupKind, name: string, namespace?: string): LiveObject | undefined;
  create(object: KubeObject, manager: string): LiveObject;
  /** Replaces the object, or with a subresource only that part. Its resourceVersion is checked when it has one. */
  update(
    object: KubeObject,
    options: { readonly manager: string; readonly subresource?: "status" | "scale" },
  ): LiveObject;
  /** Background deletion: what it owns follows. No error when it is gone already. */
  remove(object: LiveObject): void;
  /** Is called after each write that changed something, in order. Gives the function that ends it. */
  subscribe(listener: (change: ObjectChange) => void): () => void;
}

export interface ObjectChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly kind: GroupKind;
  readonly object: LiveObject;
}
