/**
 * The differences between this project and vixens at 6454ad4e0, each with the reason why it is meant. A test holds
 * each `here` against the code.
 */

/** One difference between what this project declares and what the living clusters run. */
export interface KnownDifference {
  readonly subject: string;
  /** The setting in vixens. */
  readonly there: string;
  /** The setting in this project. */
  readonly here: string;
  /** The place in vixens that says so. */
  readonly source: string;
  /** The reason why it stays, and what ends it. */
  readonly meant: string;
  /** The app that differs. @default - the platform, or every app */
  readonly app?: string;
  /** @default - every environment */
  readonly environment?: string;
}

export const LATER_REALITY: readonly KnownDifference[] = [
  {
    subject: "Argo CD",
    there: "v3.4.1",
    here: "chart 7.7.7",
    source: "apps/00-infra/argocd/base/argocd-install.yaml",
    meant:
      "terravixens installs this chart, which brings v2.13; a third major version needs a release of its own, reviewed before a living cluster is taken over.",
  },
  {
    subject: "frigate in prod",
    there: "not deployed since 2026-03-15",
    here: "deployed, size m",
    source: "29693a7c6",
    meant: "The cameras are to be watched again; override.prod.hibernate keeps it as vixens has it.",
    app: "frigate",
    environment: "prod",
  },
  {
    subject: "namespace of cloudnative-pg",
    there: "cnpg-system",
    here: "databases",
    source: "argocd/overlays/prod/apps/cloudnative-pg.yaml",
    meant:
      "The operator shares the quota and the policies of the databases that it runs; its lease and webhooks move with one restart.",
    app: "cloudnative-pg",
    environment: "prod",
  },
  {
    subject: "policy-reporter in prod",
    there: "in policy-reporter",
    here: "in security, hibernates",
    source: "argocd/overlays/prod/apps/policy-reporter.yaml",
    meant:
      "With one node lost prod has no room for its pods, nor for the quota of one more namespace; more memory in phoebe, pearl or peach ends it.",
    app: "policy-reporter",
    environment: "prod",
  },
  {
    subject: "kyverno, vpa, crowdsec and keda in prod",
    there: "apps",
    here: "none is an app",
    source: "argocd/overlays/prod/kustomization.yaml",
    meant:
      "They stay with the GitOps side. Kyverno and vpa change pods that proofs have judged, and vpa's chart and crowdsec's make keys anew each time they are rendered. Crowdsec has a pod on every node, and keda an API that must answer: neither may hibernate, and with one node lost prod has no room.",
    environment: "prod",
  },
  {
    subject: "DataAngel's sidecar",
    there: "34 workloads",
    here: "0 workloads",
    source: "apps/*/*/base, containers named dataangel",
    meant:
      "Volumes are backed up file by file by Velero, and restored by the runbook: nothing restores itself when a pod starts.",
  },
  {
    subject: "drivers of storage classes",
    there: "synology-csi, local-path-provisioner, nfs-storage",
    here: "local-path-provisioner; claims of synelia-iscsi-retain, synelia-iscsi-xfs-retain",
    source: "argocd/overlays/prod/kustomization.yaml",
    meant:
      "The GitOps side deploys synology-csi: without its root application no claim of an app is bound. Its nfs-storage is an empty namespace: apps mount shares themselves, with nfs(…).",
  },
];
