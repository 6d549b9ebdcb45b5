import {
  CronJobV1,
  type CronJobV1SpecJobTemplateSpecTemplateSpec,
} from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { etcdBackupAccess, etcdBackupCronJob } from "../core/platform/etcd-backup-access.ts";
import { USUAL_NAMES } from "../core/platform/names.ts";
import type { HttpUrl } from "../core/values/http-url.ts";
import { Quantity } from "../core/values/quantity.ts";
import { bucketProblems, endpointProblems, prefixProblems } from "../core/values/s3-location.ts";
import type { Schedule } from "../core/values/schedule.ts";
import { priorityClassName } from "../governance/priority-classes.ts";
import { ageRecipientProblems } from "./age-recipient.ts";
import { type TalosBackupBuildName, type TalosBackupImage, talosBackupImage } from "./talos-backup-build.ts";
import { etcdBackupPod } from "./talos-backup-pod.ts";
import { TalosServiceAccount } from "./talos-service-account.ts";

const TIME_ZONE = "Etc/UTC";
const WORKSPACE = "5Gi";

/** A run that takes longer is ended; so much later than scheduled a snapshot can be finished. */
export const ETCD_BACKUP_DEADLINE_MINUTES = 30;

/** Keys that the S3 client of every build reads from its environment. */
const ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID";
const SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY";

export interface EtcdBackupTier {
  /** E.g. `daily`: last part of the CronJob's name and of the prefix, so that each tier can expire by its own rule. */
  readonly name: string;
  readonly schedule: Schedule;
}

export interface EtcdBackupProps {
  /**
   * Name of everything that it makes, so that a second one can write a second copy.
   * @default "talos-backup"
   */
  readonly name?: string;
  /** First part of a snapshot's file name: `<cluster>-<time>.snap.age`. */
  readonly clusterName: string;
  /** Name of the bucket that snapshots go to. */
  readonly bucket: string;
  /** Region of the bucket, e.g. `us-east-1`. */
  readonly region: string;
  /** URL of the S3 server; null for AWS itself. */
  readonly endpoint: HttpUrl | null;
  /** Key prefix, without slashes at its ends. */
  readonly prefix: string;
  /** Schedules, each with its part of the prefix: a CronJob each. */
  readonly tiers: readonly EtcdBackupTier[];
  /** age X25519 public keys, or tokens of them: at least one, and no more than the image's build can encrypt to. */
  readonly ageRecipients: readonly string[];
  /** talos-backup by digest. */
  readonly image: string;
  /** @default - the image's tag */
  readonly build?: TalosBackupBuildName;
  /**
   * Compress before encrypting. Refused where the build cannot.
   * @default - where the image's build can
   */
  readonly compression?: boolean;
  /** Credentials that may put objects under the prefix: references, as literals would be in the Terraform code. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** @default "homelab-high" */
  readonly priorityClassName?: string;
  /**
   * Room for a snapshot and its compressed and encrypted copies. etcd's own quota is 2Gi unless it was raised.
   * @default "5Gi"
   */
  readonly workspace?: string;
  /**
   * Constructs that must be there first: the network allowances, the priority classes, the namespace.
   * @default - no dependencies
   */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Snapshots of etcd on a schedule, encrypted with age, to S3: talos-backup as a CronJob.
 *
 * The job needs three objects, and gets them so:
 * - The CRD of `TalosServiceAccount` is Talos' own; the object is applied with retries, and the CronJob waits for it.
 * - The Secret with the talosconfig is made by Talos after that object, usually within seconds. Terraform does not
 *   wait for it. A pod that starts earlier does not run without it: the kubelet retries the mount until the Secret
 *   appears, or the job's deadline ends it and the next run tries again. A namespace or role that the machine
 *   configuration does not allow shows as pods in `ContainerCreating` and as `status.failureReason` of the object.
 * - The Secret with the S3 credentials and everything in `dependsOn` are applied before the CronJob.
 *
 * Encryption cannot be turned off.
 *
 * Refused: no recipient, too many for the build, or a malformed one; an image without a digest or of an unknown
 * build; compression that the build lacks; a bucket, prefix or endpoint
 * that S3 clients do not take; credentials as literals.
 */
export class EtcdBackup extends Construct {
  /** Declares the names that the machine configuration, the network policies and the namespace must allow. */
  static readonly access = etcdBackupAccess;

  readonly serviceAccount: CustomResource;
  readonly credentials: SecretV1;
  /** CronJobs by tier. */
  readonly cronJobs: ReadonlyMap<string, CronJobV1>;

  constructor(scope: Construct, id: string, props: EtcdBackupProps) {
    super(scope, id);
    const { namespace, role, podLabels } = EtcdBackup.access;
    const { name = EtcdBackup.access.name } = props;
    const image = talosBackupImage(props.image, props.build);
    const compression = props.compression ?? image.build?.compression ?? false;
    this.node.addValidation({ validate: () => problemsOf(props, image) });

    this.serviceAccount = new CustomResource(this, "service-account", {
      object: new TalosServiceAccount({ name, namespace, roles: [role] }),
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    this.credentials = new SecretV1(this, "credentials", {
      metadata: { name: `${name}-s3`, namespace, labels: podLabels },
      type: "Opaque",
      data: {
        [ACCESS_KEY_ID]: Token.asString(Fn.sensitive(reference(props.credentials.accessKeyId))),
        [SECRET_ACCESS_KEY]: Token.asString(Fn.sensitive(reference(props.credentials.secretAccessKey))),
      },
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    const dependsOn = [...(props.dependsOn ?? []), this.serviceAccount.resource, this.credentials];
    const settings = { ...props, recipients: props.ageRecipients, compression };
    const addTier = ({ name: tier, schedule }: EtcdBackupTier) =>
      this.addCronJob(tier, {
        name: etcdBackupCronJob(tier, name),
        schedule: schedule.toString(),
        dependsOn,
        pod: etcdBackupPod({
          image: props.image,
          talosSecret: name,
          credentialsSecret: this.credentials.metadata.name,
          credentialKeys: [ACCESS_KEY_ID, SECRET_ACCESS_KEY],
          environment: image.build?.environment({ ...settings, prefix: `${props.prefix}/${tier}` }) ?? {},
          priorityClassName: props.priorityClassName ?? priorityClassName(USUAL_NAMES.prefix, "high"),
          workspace: props.workspace ?? WORKSPACE,
        }),
      });
    // Of two of one name, which are refused, one is made.
    const tiers = new Map(props.tiers.map((tier) => [tier.name, tier]));
    this.cronJobs = new Map([...tiers].map(([tier, each]) => [tier, addTier(each)]));
  }

  /** One run at a time, which ends by itself; the next run is the retry of one that failed for good. */
  private addCronJob(tier: string, { name, schedule, pod, dependsOn }: CronJobParts): CronJobV1 {
    const { namespace, podLabels: labels } = EtcdBackup.access;
    return new CronJobV1(this, `cron-job-${tier}`, {
      metadata: { name, namespace, labels },
      spec: {
        schedule,
        timezone: TIME_ZONE,
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          spec: {
            activeDeadlineSeconds: ETCD_BACKUP_DEADLINE_MINUTES * 60,
            backoffLimit: 3,
            ttlSecondsAfterFinished: "259200",
            template: { metadata: { labels }, spec: pod },
          },
        },
      },
      dependsOn: [...dependsOn],
    });
  }
}

interface CronJobParts {
  readonly name: string;
  readonly schedule: string;
  readonly pod: CronJobV1SpecJobTemplateSpecTemplateSpec;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** The reference, or an empty text for a literal, which the validation refuses: a literal never reaches the output. */
const reference = (value: string): string => (Token.isUnresolved(value) ? value : "");

const recipientProblems = ({ ageRecipients }: EtcdBackupProps, { build }: TalosBackupImage): string[] => {
  if (ageRecipients.length === 0) {
    return ["ageRecipients: must name at least one, as snapshots hold every Secret of the cluster: got []"];
  }
  const tooMany = build !== undefined && ageRecipients.length > build.maxRecipients;
  return [
    ...(tooMany
      ? [
          `ageRecipients: must be at most ${build.maxRecipients}, all that this build of talos-backup encrypts to: got ${ageRecipients.length}`,
        ]
      : []),
    ...ageRecipients.flatMap(ageRecipientProblems),
  ];
};

const credentialProblems = ({ credentials }: EtcdBackupProps): string[] =>
  (["accessKeyId", "secretAccessKey"] as const)
    .filter((key) => !Token.isUnresolved(credentials[key]))
    .map((key) => `credentials.${key}: must be a reference or a sensitive variable: got a literal`);

/** A CronJob's name has at most 52 characters, since its jobs get eleven more. */
const tierProblems = ({ tiers, name = etcdBackupAccess.name }: EtcdBackupProps): string[] => [
  ...(tiers.length === 0 ? ["tiers: must be at least one: got []"] : []),
  ...tiers.flatMap(({ name: tier }, index) => [
    ...(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(tier) && etcdBackupCronJob(tier, name).length <= 52
      ? []
      : [`tiers[${index}].name: must be a short DNS label, e.g. daily: got ${JSON.stringify(tier)}`]),
    ...(tiers.findIndex((other) => other.name === tier) < index
      ? [`tiers[${index}].name: must be the only tier of that name: got ${JSON.stringify(tier)}`]
      : []),
  ]),
];

const problemsOf = (props: EtcdBackupProps, image: TalosBackupImage): string[] => [
  ...image.problems,
  ...recipientProblems(props, image),
  ...(props.compression && image.build?.compression === false
    ? ["compression: must be one that the image's build has: got a build without"]
    : []),
  ...tierProblems(props),
  ...bucketProblems(props.bucket),
  ...prefixProblems(props.prefix),
  ...endpointProblems(props.endpoint),
  ...(Quantity.isValid(props.workspace ?? WORKSPACE) &&
  Quantity.parse(props.workspace ?? WORKSPACE).toNumber() > 0
    ? []
    : [`workspace: must be a quantity above zero, e.g. 5Gi: got ${JSON.stringify(props.workspace)}`]),
  ...(props.name === undefined || /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(props.name)
    ? []
    : [`name: must be a DNS label of at most 30 characters: got ${JSON.stringify(props.name)}`]),
  ...(/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(props.clusterName)
    ? []
    : [`clusterName: must do as part of a file name: got ${JSON.stringify(props.clusterName)}`]),
  ...credentialProblems(props),
];
