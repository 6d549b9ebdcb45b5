/** Every pod of an environment that this project knows: what has to find a place on its nodes. */

import { environmentCharts } from "../../../environments/recorded/chart-facts.ts";
import type { ChartSource } from "../../../environments/recorded/chart-request.ts";
import type { Environment } from "../../../environments/schema.ts";
import { admissionWorld } from "../../admission/admit.ts";
import { type EffectivePod, effectivePods } from "../../admission/effective-pods.ts";
import { appPods, nodesOf, sizeOf } from "../../app/app-pods.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import type { RenderedPodSpec } from "../../core/facts/rendered.ts";
import { podAmount } from "../../core/kubernetes/pod-requests.ts";
import { ETCD_BACKUP_NAMESPACE } from "../../core/platform/namespaces.ts";
import { TALOS_BACKUP_REQUESTS } from "../../governance/platform-reservation.ts";
import { priorityValues } from "../../governance/priority-classes.ts";

/** Releases that Terraform makes. */
const PLATFORM_RELEASES = ["argocd", "cilium"];

const SYSTEM_VALUES = priorityValues();

const single = (
  owner: string,
  namespace: string,
  name: string,
  spec: RenderedPodSpec,
  more: Partial<EffectivePod> = {},
): EffectivePod => ({
  owner,
  namespace,
  kind: "Deployment",
  name,
  template: { metadata: {}, spec },
  requests: podAmount(spec, "requests"),
  limits: podAmount(spec, "limits"),
  priority: SYSTEM_VALUES.get(spec.priorityClassName ?? "") ?? 0,
  count: 1,
  surge: 0,
  lasts: true,
  ...more,
});

/** CoreDNS as Talos runs it (v1.12.4, `k8stemplates/coredns.go`): its manifests are no chart. */
const coreDns = single(
  "talos",
  "kube-system",
  "coredns",
  {
    priorityClassName: "system-cluster-critical",
    tolerations: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
    containers: [{ name: "coredns", resources: { requests: { cpu: "100m", memory: "70Mi" } } }],
  },
  { count: 2 },
);

/** The jobs of `EtcdBackup`, one at a time for each tier. */
const etcdBackups = ({ backup }: Environment): EffectivePod[] =>
  (backup?.tiers ?? []).map(({ name }) =>
    single(
      "etcd-backup",
      ETCD_BACKUP_NAMESPACE,
      `etcd-backup-${name}`,
      { containers: [{ name: "talos-backup", resources: { requests: TALOS_BACKUP_REQUESTS } }] },
      { kind: "CronJob", lasts: false },
    ),
  );

/**
 * The pods of the platform's releases, of Talos, of backups and of apps, after admission: with their requests, priority,
 * selectors, tolerations and owners. The static pods of control planes are not among them (see `NodeShare`), nor is what
 * the GitOps side runs.
 */
export const environmentPods = (
  environment: Environment,
  apps: readonly ResolvedApp[],
  charts: ChartSource,
): EffectivePod[] => {
  const home = {
    ...environment,
    charts,
    admission: admissionWorld(environment.admission, environment.names.prefix),
  };
  const ground = { nodes: nodesOf(environment), size: undefined, world: home.admission };
  return [
    ...environmentCharts(environment.name)
      .filter(({ release }) => PLATFORM_RELEASES.includes(release))
      .flatMap((facts) => (facts.known ? effectivePods(facts, facts.namespace, ground) : [])),
    coreDns,
    ...etcdBackups(environment),
    ...apps.flatMap((app) => appPods(app, home, sizeOf(app, home))),
  ];
};
