import { CONTROL_PLANE_TOLERATION, type ContainerResources, type Toleration } from "../core/helm/values.ts";

/** A component of ArgoCD: only its resources differ from the global settings. */
interface Component {
  readonly resources: ContainerResources;
}

/** The values of chart `argo-cd` that this project sets; a misspelt one does not compile. */
export interface ArgoCdValues {
  readonly global: {
    /** Host name of the UI. */
    readonly domain: string;
    readonly networkPolicy: { readonly create: boolean };
    readonly priorityClassName: string;
    readonly tolerations: readonly Toleration[];
  };
  readonly crds: { readonly install: boolean; readonly keep: boolean };
  readonly configs: {
    readonly cm: {
      readonly "admin.enabled": boolean;
      readonly url: string;
      readonly "users.anonymous.enabled": boolean;
    };
    readonly params: { readonly "server.disable.auth": boolean; readonly "server.insecure": boolean };
    readonly rbac: {
      readonly create: boolean;
      /** Role of every user without another one, visitors included. */
      readonly "policy.default": string;
      /** Casbin rules, one a line. */
      readonly "policy.csv": string;
    };
    readonly secret: {
      readonly createSecret: boolean;
      readonly argocdServerAdminPasswordMtime: string;
    };
  };
  readonly controller: Component;
  readonly repoServer: Component;
  readonly server: Component & {
    readonly ingress: { readonly enabled: boolean };
    readonly service: {
      readonly type: "LoadBalancer";
      readonly annotations: Readonly<Record<string, string>>;
      readonly externalTrafficPolicy: "Cluster" | "Local";
    };
  };
  readonly applicationSet: Component;
  readonly notifications: Component;
  readonly redis: Component;
  readonly redisSecretInit: Component;
  readonly dex: { readonly enabled: boolean };
}

export interface ArgoCdValuesInput {
  readonly address: string;
  readonly hostname: string;
  readonly plainHttp: boolean;
  readonly authDisabled: boolean;
  readonly anonymous: boolean;
  readonly admin: "disabled" | "password-hash";
  readonly adminPasswordChangedAt: string;
  readonly priorityClassName: string;
}

const size = (cpu: string, memory: string, limit: string): Component => ({
  resources: { requests: { cpu, memory }, limits: { memory: limit } },
});

/**
 * Values of chart 7.7.7 (ArgoCD 2.13).
 *
 * Three values of the old set did nothing: `server.config` and `configs.rbac.policyDefault`, which no template
 * reads, and `policy.csv` under `configs.cm`, a ConfigMap that ArgoCD does not search for rules. They are in
 * `configs.cm` and `configs.rbac` now.
 *
 * The memory limits come from the incident of 2026-04-18, when the controller without one was killed 18 times on
 * an overcommitted node, and from the repository server, which crashed on 128Mi.
 */
export const argoCdValues = (input: ArgoCdValuesInput): ArgoCdValues => ({
  global: {
    domain: input.hostname,
    networkPolicy: { create: false },
    priorityClassName: input.priorityClassName,
    tolerations: [CONTROL_PLANE_TOLERATION],
  },
  crds: { install: true, keep: true },
  configs: {
    cm: {
      "admin.enabled": input.admin === "password-hash",
      url: `${input.plainHttp ? "http" : "https"}://${input.hostname}`,
      "users.anonymous.enabled": input.anonymous,
    },
    params: { "server.disable.auth": input.authDisabled, "server.insecure": input.plainHttp },
    rbac: { create: true, "policy.default": "role:readonly", "policy.csv": "" },
    secret: { createSecret: true, argocdServerAdminPasswordMtime: input.adminPasswordChangedAt },
  },
  controller: size("100m", "1Gi", "2Gi"),
  repoServer: size("100m", "512Mi", "2Gi"),
  server: {
    ...size("50m", "128Mi", "256Mi"),
    ingress: { enabled: false },
    service: {
      type: "LoadBalancer",
      annotations: { "io.cilium/lb-ipam-ips": input.address },
      externalTrafficPolicy: "Cluster",
    },
  },
  applicationSet: size("25m", "64Mi", "256Mi"),
  notifications: size("10m", "64Mi", "128Mi"),
  redis: size("25m", "64Mi", "256Mi"),
  redisSecretInit: size("10m", "64Mi", "128Mi"),
  dex: { enabled: false },
});
