/** The facts of an environment that the steps of a recovery need: addresses, places, times, and commands with them. */

import { type Backup, backupOf, backupUrlOf } from "../../environments/absent.ts";
import type { Environment } from "../../environments/schema.ts";
import { secretServerOf } from "../../environments/secret-store.ts";
import { ETCD_BACKUP_DEADLINE_MINUTES } from "../../lib/backup/etcd-backup.ts";
import { etcdBackupAccess, etcdBackupCronJob } from "../../lib/core/platform/etcd-backup-access.ts";
import { commandLine } from "../../lib/core/process/command.ts";
import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import type { BucketPlace } from "../../lib/core/values/s3-location.ts";
import type { Schedule } from "../../lib/core/values/schedule.ts";
import { NodeLifeCluster } from "../node-life/cluster.ts";
import { type BackupStore, type RestoreCommand, shellLine, verifyBackup } from "../restore/commands.ts";
import type { InventoryNode } from "../talos/inventory.ts";
import { talosctlCommand } from "../talos/talosctl.ts";
import type { RunbookStep } from "./runbook.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

/** E.g. `6 h 30 min`, `31 days`. */
export const duration = (minutes: number): string => {
  if (minutes >= 2 * DAY && minutes % DAY === 0) return `${minutes / DAY} days`;
  const [hours, rest] = [Math.floor(minutes / HOUR), minutes % HOUR];
  return [hours > 0 ? `${hours} h` : "", rest > 0 || hours === 0 ? `${rest} min` : ""]
    .filter(Boolean)
    .join(" ");
};

export interface Tier {
  readonly name: string;
  readonly schedule: Schedule;
  readonly keepDays: number;
  readonly gapMinutes: number;
  readonly prefix: string;
  readonly cronJob: string;
}

export class Recovery {
  readonly cluster: NodeLifeCluster;

  constructor(readonly environment: Environment) {
    this.cluster = new NodeLifeCluster(environment);
  }

  /** Refused where there is none. */
  get backup(): Backup {
    return backupOf(this.environment);
  }

  get store(): BackupStore {
    return this.storeOf(this.backup);
  }

  /** A bucket as commands name it. */
  storeOf({ bucket, region, endpoint }: BucketPlace): BackupStore {
    return { bucket, region, endpoint: endpoint && this.addressed(endpoint) };
  }

  /** The URL with the server's address for its name, which nobody may answer; a certificate is of the name alone. */
  addressed(url: HttpUrl): string {
    const { nas } = this.environment;
    return nas?.host === url.hostname && !url.isEncrypted
      ? `${url}`.replace(nas.host, `${nas.address}`)
      : `${url}`;
  }

  /** Servers that must be there before the cluster is: state, backups, secrets. */
  get servers(): HttpUrl[] {
    const { state, secretStore } = this.environment;
    const urls = [
      state.kind === "s3" ? state.endpoint : undefined,
      backupUrlOf(this.environment),
      secretServerOf(secretStore),
    ].flatMap((url) => url ?? []);
    return [...new Map(urls.map((url) => [url.host, url])).values()];
  }

  /** Warnings of servers whose names have no address here. */
  get nameWarnings(): string[] {
    return this.servers
      .filter(({ hostname }) => !Ipv4Address.isValid(hostname) && hostname !== this.environment.nas?.host)
      .map(
        ({ host }) =>
          `The name ${host} must be answered without the cluster: write its address into \`nas\`, or into your notes.`,
      );
  }

  /** Lets this workstation find the storage server for Terraform, whose backend has its name; nothing without one. */
  get nameStep(): RunbookStep[] {
    const { nas } = this.environment;
    if (nas === undefined) return [];
    return [
      {
        title: `Let this workstation find ${nas.host} without anybody's DNS`,
        notes: [
          "The homelab's names may be answered by the cluster that is gone. Terraform's backend and the AWS provider have the name; take the line out again in the end.",
        ],
        commands: [`echo '${nas.address} ${nas.host}' | sudo tee --append /etc/hosts`],
        until: `\`getent hosts ${nas.host}\` says ${nas.address}`,
      },
    ];
  }

  /** Most frequent first. */
  get tiers(): readonly Tier[] {
    const { prefix, tiers } = this.backup;
    return tiers
      .map((tier) => ({
        ...tier,
        gapMinutes: tier.schedule.longestGapMinutes,
        prefix: `${prefix}/${tier.name}`,
        cronJob: etcdBackupCronJob(tier.name),
      }))
      .toSorted((a, b) => a.gapMinutes - b.gapMinutes);
  }

  get name(): string {
    return this.environment.name;
  }

  /** The tier to restore from first. */
  get newest(): Tier {
    const [tier] = this.tiers;
    if (!tier) throw new Error(`${this.name}: must have a tier of backups`);
    return tier;
  }

  /** The longest time between two snapshots, and until one is there. */
  get recoveryPointMinutes(): number {
    return this.newest.gapMinutes + ETCD_BACKUP_DEADLINE_MINUTES;
  }

  /** Control planes in the order in which the environment names them, the bootstrap node first. */
  get controlPlanes(): InventoryNode[] {
    const { bootstrapNode } = this.environment.cluster;
    return this.cluster.controlPlanes.toSorted(
      (a, b) => Number(b.name === bootstrapNode) - Number(a.name === bootstrapNode),
    );
  }

  /** The control plane that etcd is started on. */
  get bootstrapNode(): InventoryNode {
    return this.cluster.machine(this.environment.cluster.bootstrapNode);
  }

  get workers(): InventoryNode[] {
    return this.cluster.inventory.nodes.filter(({ role }) => role === "worker");
  }

  /** The number of members that etcd can lose and still decide. */
  get spare(): number {
    return Math.ceil(this.controlPlanes.length / 2) - 1;
  }

  /** Asks each node itself, as others may not be there to pass it on. */
  direct(node: InventoryNode, ...args: readonly string[]): string {
    return commandLine(talosctlCommand({ nodes: [node] }, [node], args));
  }

  /** `npm run homelab -- deploy` of some layer. */
  deploy(layer: "backup" | "cluster" | "platform" | "apps"): string {
    return `npm run homelab -- deploy ${this.name}-${layer}`;
  }

  /** Machines that wait in maintenance mode get their configuration: one plan each, as the guard wants it. */
  configure(names: readonly string[]): string[] {
    return names.map((name) => `${this.cluster.deploy(names)} --node ${name}`);
  }

  /** A terraform command in a stack that has been synthesized. */
  terraform(layer: "backup" | "cluster" | "platform" | "apps", ...args: readonly string[]): string {
    return `terraform -chdir=cdktf.out/stacks/${this.name}-${layer} ${args.join(" ")}`;
  }

  /** Address of a stack's state. */
  stateKey(layer: "backup" | "cluster" | "platform" | "apps"): string {
    const { state } = this.environment;
    const where =
      state.kind === "s3"
        ? `s3://${state.bucket}/${layer === "cluster" ? "terraform" : layer}`
        : `${this.name}-${layer}`;
    return `${where}.tfstate`;
  }

  /** The object that a name of the environment is taken for, unless it is known. */
  get isKeyKnown(): boolean {
    return this.backup.ageRecipients !== null;
  }

  /** Fetches and opens the newest of a tier. */
  verify(tier: Tier, output?: string): RestoreCommand {
    return verifyBackup({
      source: `s3://${this.store.bucket}/${tier.prefix}/`,
      store: this.store,
      identityFile: IDENTITY_FILE,
      ...(output !== undefined && { output }),
    });
  }

  /** Runs the job of the most frequent tier at once, and waits for it; nothing where nothing is backed up. */
  backUpNow(reason: string): RunbookStep[] {
    if (this.environment.backup === null) return [];
    const { namespace } = etcdBackupAccess;
    const job = `after-${reason}`;
    return [
      {
        title: "Take a snapshot at once, and read it back",
        notes: ["Until then the newest backup is from before."],
        commands: [
          `kubectl --namespace ${namespace} create job ${job} --from=cronjob/${this.newest.cronJob}`,
          `kubectl --namespace ${namespace} wait --for=condition=complete job/${job} --timeout=${ETCD_BACKUP_DEADLINE_MINUTES}m`,
          shellLine(this.verify(this.newest)),
        ],
        until: "the job is complete, and the newest backup is good and some minutes old",
      },
    ];
  }

  /** Warnings of a missing key, or of a missing second copy of the snapshots. */
  get keyWarnings(): string[] {
    return [
      ...(this.isKeyKnown
        ? []
        : [
            "`backup.ageRecipients` is not known: nobody has made the key, so there is no snapshot that anybody could open.",
          ]),
      ...(this.backup.copy === null
        ? ["`backup.copy` is null: there is no second copy; a lost S3 server takes all snapshots with it."]
        : []),
    ];
  }
}

/** The file in which the steps expect the age identity: never on the cluster, never in this repository. */
export const IDENTITY_FILE = "backup-key.txt";
