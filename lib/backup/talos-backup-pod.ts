import type { CronJobV1SpecJobTemplateSpecTemplateSpec } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { TALOS_BACKUP_REQUESTS } from "../governance/platform-reservation.ts";

/** The image's own user has no name; any but root will do. */
const USER = "1000";
const WORKSPACE = "/tmp";
/** The directory in which talos-backup looks for its talosconfig: `ServiceAccountMountPath` of Talos. */
const TALOSCONFIG_DIRECTORY = "/var/run/secrets/talos.dev";

export interface EtcdBackupPodProps {
  /** Image of talos-backup, by digest. */
  readonly image: string;
  /** Secret that Talos makes; the pod waits for it. */
  readonly talosSecret: string;
  /** Secret that holds the credentials of the bucket. */
  readonly credentialsSecret: string;
  /** Keys of the credentials, which are also the names of their variables. */
  readonly credentialKeys: readonly string[];
  /** Variables of the container, none of them a secret. */
  readonly environment: Readonly<Record<string, string>>;
  /** Priority class of the pod. */
  readonly priorityClassName: string;
  /** Size limit of the scratch volume. */
  readonly workspace: string;
}

/**
 * The pod of one backup: no root, no capability, nothing writable but a scratch volume of limited size (talos-backup
 * writes to its working directory: siderolabs/talos-backup#27), no Kubernetes credentials. It fits the Pod Security
 * Standard `restricted`, and may run on control planes.
 */
export const etcdBackupPod = (props: EtcdBackupPodProps): CronJobV1SpecJobTemplateSpecTemplateSpec => ({
  restartPolicy: "Never",
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  priorityClassName: props.priorityClassName,
  toleration: [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }],
  securityContext: {
    runAsNonRoot: true,
    runAsUser: USER,
    runAsGroup: USER,
    fsGroup: USER,
    seccompProfile: { type: "RuntimeDefault" },
  },
  container: [
    {
      name: "talos-backup",
      image: props.image,
      imagePullPolicy: "IfNotPresent",
      command: ["/talos-backup"],
      workingDir: WORKSPACE,
      env: [
        { name: "HOME", value: WORKSPACE },
        ...Object.entries(props.environment).map(([name, value]) => ({ name, value })),
        ...props.credentialKeys.map((key) => ({
          name: key,
          valueFrom: { secretKeyRef: { name: props.credentialsSecret, key } },
        })),
      ],
      resources: {
        requests: { ...TALOS_BACKUP_REQUESTS, "ephemeral-storage": "128Mi" },
        limits: { cpu: "1", memory: "512Mi", "ephemeral-storage": props.workspace },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
        seccompProfile: { type: "RuntimeDefault" },
      },
      volumeMount: [
        { name: "workspace", mountPath: WORKSPACE },
        { name: "talosconfig", mountPath: TALOSCONFIG_DIRECTORY, readOnly: true },
      ],
    },
  ],
  volume: [
    { name: "workspace", emptyDir: { sizeLimit: props.workspace } },
    { name: "talosconfig", secret: { secretName: props.talosSecret, defaultMode: "0440", optional: false } },
  ],
});
