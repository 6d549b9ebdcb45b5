/** Rights of an image in the whole cluster, as it declares them. */

/** Verbs by resources: `pods,nodes` of the core group, `networking.k8s.io/ingresses,ingressclasses` of another. */
export type ClusterRole = Readonly<Record<string, "read" | readonly string[]>>;
