/** Admission and audit of the API server. */

type PodSecurityLevel = "privileged" | "baseline" | "restricted";

/** Source: https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller */
export interface PodSecurityConfiguration {
  readonly apiVersion: "pod-security.admission.config.k8s.io/v1";
  readonly kind: "PodSecurityConfiguration";
  readonly defaults: {
    readonly enforce: PodSecurityLevel;
    readonly "enforce-version": string;
    readonly audit: PodSecurityLevel;
    readonly "audit-version": string;
    readonly warn: PodSecurityLevel;
    readonly "warn-version": string;
  };
  readonly exemptions: {
    readonly namespaces: readonly string[];
    readonly runtimeClasses: readonly string[];
    readonly usernames: readonly string[];
  };
}

interface AuditRule {
  readonly level: "None" | "Metadata" | "Request" | "RequestResponse";
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly (
    | "get"
    | "list"
    | "watch"
    | "create"
    | "update"
    | "patch"
    | "delete"
    | "deletecollection"
  )[];
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
  readonly nonResourceURLs?: readonly string[];
}

/** Source: https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1 */
export interface AuditPolicy {
  readonly apiVersion: "audit.k8s.io/v1";
  readonly kind: "Policy";
  readonly omitStages: readonly "RequestReceived"[];
  readonly omitManagedFields: boolean;
  /** The first rule that matches a request decides. */
  readonly rules: readonly AuditRule[];
}

/**
 * Pods of a namespace that says nothing must satisfy `baseline`; what is not `restricted` is reported.
 *
 * A namespace's own labels win, so a workload that needs more asks for it in its namespace. Exempt is only
 * kube-system, where Cilium and the control plane run.
 */
export const POD_SECURITY: PodSecurityConfiguration = {
  apiVersion: "pod-security.admission.config.k8s.io/v1",
  kind: "PodSecurityConfiguration",
  defaults: {
    enforce: "baseline",
    "enforce-version": "latest",
    audit: "restricted",
    "audit-version": "latest",
    warn: "restricted",
    "warn-version": "latest",
  },
  exemptions: { namespaces: ["kube-system"], runtimeClasses: [], usernames: [] },
};

/**
 * Audit policy that records who did what, without the noise that hides it: reads by the cluster's own components,
 * leases, events and probes are left out; changes of access rules are recorded with their content; what may hold a
 * secret never is.
 */
export const AUDIT_POLICY: AuditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  omitManagedFields: true,
  rules: [
    { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi*"] },
    {
      level: "Metadata",
      resources: [
        { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
        { group: "authentication.k8s.io", resources: ["tokenreviews"] },
      ],
    },
    {
      level: "None",
      resources: [
        { group: "", resources: ["events"] },
        { group: "events.k8s.io", resources: ["events"] },
        { group: "coordination.k8s.io", resources: ["leases"] },
      ],
    },
    {
      level: "None",
      users: ["system:apiserver", "system:kube-controller-manager", "system:kube-scheduler"],
      verbs: ["get", "list", "watch"],
    },
    { level: "None", userGroups: ["system:nodes"], verbs: ["get", "list", "watch"] },
    {
      level: "Request",
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
      resources: [
        { group: "rbac.authorization.k8s.io" },
        { group: "admissionregistration.k8s.io" },
        { group: "networking.k8s.io", resources: ["networkpolicies"] },
        { group: "cilium.io", resources: ["ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies"] },
      ],
    },
    { level: "Metadata" },
  ],
};
