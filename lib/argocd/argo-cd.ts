import { Release } from "@cdktf/provider-helm/lib/release";
import { type ITerraformDependable, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import { chartVersionProblems, type Overrides, overlay, toYaml } from "../core/helm/values.ts";
import type { Ipv4Address } from "../core/values/ipv4-address.ts";
import { type ArgoCdValues, argoCdValues } from "./values.ts";

const REPOSITORY = "https://argoproj.github.io/argo-helm";
const CHART = "argo-cd";
/** Name of the release and so of every object: `argocd-server`, `argocd-redis`, … */
const RELEASE = "argocd";
/** Seconds for one operation of Helm. */
const TIMEOUT = 1200;
const PASSWORD_HASH = "argocd_admin_password_hash";
/** Pattern of a bcrypt hash, escaped for a condition of Terraform: `$2a$10$` and 53 characters. */
const BCRYPT = "^\\\\$2[aby]\\\\$[0-9]{2}\\\\$[./A-Za-z0-9]{53}$";
const HOSTNAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export interface ArgoCdProps {
  /** Exact version of the chart, e.g. `7.7.7`; not the version of ArgoCD. */
  readonly chartVersion: string;
  /**
   * Namespace, made elsewhere.
   * @default "argocd"
   */
  readonly namespace?: string;
  /** Address of the UI, out of the static range of the load-balancer pool. */
  readonly address: Ipv4Address;
  /** Host name of the UI. */
  readonly hostname: string;
  /**
   * Serve plain HTTP.
   * @default false
   */
  readonly plainHttp?: boolean;
  /**
   * True to switch login off altogether: every visitor is an administrator.
   * @default false
   */
  readonly authDisabled?: boolean;
  /**
   * Visitors without an account may read.
   * @default false
   */
  readonly anonymous?: boolean;
  /**
   * The local account `admin`: off, or with the bcrypt hash that the Terraform variable
   * `argocd_admin_password_hash` gives.
   */
  readonly admin: "disabled" | "password-hash";
  /**
   * The time at which the password was last changed, RFC 3339 in UTC; sessions from before it end. The chart's
   * default is the time of rendering, which would end every session at every upgrade.
   * @default "2026-01-01T00:00:00Z"
   */
  readonly adminPasswordChangedAt?: string;
  /** Priority class of every component; must exist before the release. */
  readonly priorityClassName: string;
  /**
   * Values laid over the ones of `argoCdValues`; lists are replaced whole.
   * @default - none
   */
  readonly overrides?: Overrides<ArgoCdValues>;
  /**
   * Constructs that must be there first: the namespace, the priority class, the load-balancer pool (Helm waits for
   * the address of the Service).
   */
  readonly dependsOn: ITerraformDependable[];
}

export interface ArgoCdOutputs {
  readonly namespace: string;
  /** URL of the UI for operators. */
  readonly url: string;
  readonly address: string;
}

/**
 * ArgoCD by its Helm chart, reachable at a fixed address of the load-balancer pool.
 *
 * The password hash goes through `set_sensitive`, not through the write-only `set_wo`: the provider lays write-only
 * values over a release only when their revision grows (hashicorp/helm 3.1.1, `resource_helm_release.go`,
 * `Update`), so the next change of any other value would take the password out of `argocd-secret`. The state holds
 * the hash, marked sensitive, and never the password: a precondition refuses anything that is not bcrypt (a
 * validation of the variable would print the rejected value).
 *
 * Two owners. The GitOps repository has an application `argocd` that applies plain manifests of a later version
 * over this release, with a Service that is not of type LoadBalancer. Whoever hands over must drop one of the two:
 * either that application, or this release after a `removed` block that keeps the objects.
 *
 * The chart's own network policies are off: the clusterwide ones own that. Its Job `argocd-redis-secret-init` is a
 * pre-install hook, which needs the API server before anything else of ArgoCD runs. The CRDs stay when the release
 * goes, and with them every Application.
 *
 * Refused: a chart version that is not exact; a malformed host name or time; an empty priority class.
 */
export class ArgoCd extends Construct {
  readonly values: ArgoCdValues;
  /** The Terraform resource, to depend on. */
  readonly release: Release;
  readonly outputs: ArgoCdOutputs;

  constructor(scope: Construct, id: string, props: ArgoCdProps) {
    super(scope, id);
    const { namespace = "argocd", adminPasswordChangedAt = "2026-01-01T00:00:00Z" } = props;
    this.node.addValidation({ validate: () => problems({ ...props, adminPasswordChangedAt }) });
    this.values = overlay(
      argoCdValues({
        address: `${props.address}`,
        hostname: props.hostname,
        plainHttp: props.plainHttp ?? false,
        authDisabled: props.authDisabled ?? false,
        anonymous: props.anonymous ?? false,
        admin: props.admin,
        adminPasswordChangedAt,
        priorityClassName: props.priorityClassName,
      }),
      props.overrides,
    );
    this.release = new Release(this, "release", {
      name: RELEASE,
      repository: REPOSITORY,
      chart: CHART,
      version: props.chartVersion,
      namespace,
      createNamespace: false,
      values: [toYaml(this.values)],
      ...(props.admin === "password-hash" && this.passwordHash()),
      wait: true,
      waitForJobs: true,
      timeout: TIMEOUT,
      maxHistory: 5,
      dependsOn: props.dependsOn,
    });
    this.outputs = { namespace, url: this.values.configs.cm.url, address: `${props.address}` };
  }

  private passwordHash() {
    const variable = new TerraformVariable(this, "admin-password-hash", {
      type: "string",
      sensitive: true,
      nullable: false,
      description:
        "bcrypt hash of the password of ArgoCD's admin account: argocd account bcrypt --password …",
    });
    variable.overrideLogicalId(PASSWORD_HASH);
    return {
      setSensitive: [
        {
          name: "configs.secret.argocdServerAdminPassword",
          value: variable.stringValue,
          type: "string",
        },
      ],
      lifecycle: {
        precondition: [
          {
            condition: `\${can(regex("${BCRYPT}", var.${PASSWORD_HASH}))}`,
            errorMessage: `${PASSWORD_HASH}: must be a bcrypt hash of 60 characters, never the password itself.`,
          },
        ],
      },
    };
  }
}

const problems = (props: ArgoCdProps & { readonly adminPasswordChangedAt: string }): string[] => {
  const found = chartVersionProblems(CHART, props.chartVersion);
  const check = (isRight: boolean, field: string, rule: string, value: string) => {
    if (!isRight) found.push(`ArgoCd: ${field}: must be ${rule}: got ${JSON.stringify(value)}`);
  };
  const { hostname, adminPasswordChangedAt: changedAt, priorityClassName } = props;
  check(HOSTNAME.test(hostname), "hostname", "a fully qualified host name", hostname);
  check(
    INSTANT.test(changedAt) && !Number.isNaN(Date.parse(changedAt)),
    "adminPasswordChangedAt",
    "a time in UTC, e.g. 2026-01-01T00:00:00Z",
    changedAt,
  );
  check(priorityClassName !== "", "priorityClassName", "the name of a priority class", priorityClassName);
  return found;
};
