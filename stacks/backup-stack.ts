import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { type Backup, backupOf } from "../environments/absent.ts";
import type { Environment } from "../environments/schema.ts";
import { BackupBucket, type BackupBucketOutputs } from "../lib/backup/backup-bucket.ts";
import { StorageProvider } from "../lib/backup/storage-provider.ts";
import { HomelabStack } from "./homelab-stack.ts";

type Place = Pick<Backup, "region" | "endpoint">;

/** `<env>-backup`: the buckets that outlive the cluster, and what may write to them. */
export class BackupStack extends HomelabStack {
  /** The bucket that the etcd backup writes to, and the credentials for it; undefined where there is no backup. */
  readonly bucket: BackupBucketOutputs | undefined;
  /** A second copy at another place, with credentials of its own; undefined while there is none. */
  readonly copy: BackupBucketOutputs | undefined;
  /** The bucket in which Velero keeps volumes; undefined where they are not backed up. */
  readonly volumes: BackupBucket | undefined;

  constructor(scope: Construct, environment: Environment) {
    super(scope, "backup", environment);
    const { backup } = environment;
    if (backup === null) return;
    const { bucket, region, endpoint, lock, noncurrentDays } = backup;
    this.addProvider({ region, endpoint });
    const snapshots = {
      access: { putUnder: backup.prefix },
      expiry: backup.tiers.map(({ name, keepDays }) => ({
        prefix: `${backup.prefix}/${name}`,
        days: keepDays,
      })),
      noncurrentDays,
      lock,
    } as const;
    this.bucket = new BackupBucket(this, "etcd", { bucket, region, endpoint, ...snapshots }).outputs;
    this.copy =
      backup.copy === null
        ? undefined
        : new BackupBucket(this, "etcd-copy", {
            ...placeOf(backup.copy),
            bucket: backup.copy.bucket,
            ...snapshots,
            provider: this.addProvider(placeOf(backup.copy), "etcd_copy", this.askForOwner("etcd_copy")),
          }).outputs;
    this.volumes = backup.volumes === null ? undefined : this.addVolumes(backup.volumes);
  }

  private addVolumes(volumes: NonNullable<Backup["volumes"]>): BackupBucket {
    const { region, endpoint, noncurrentDays } = backupOf(this.environment);
    const place = placeOf(volumes);
    const isSamePlace = `${place.endpoint}` === `${endpoint}` && place.region === region;
    return new BackupBucket(this, "volumes", {
      ...place,
      bucket: volumes.bucket,
      access: "volume-backups",
      expiry: [],
      noncurrentDays,
      ...(!isSamePlace && { provider: this.addProvider(place, "volumes") }),
    });
  }

  private addProvider(
    place: Place,
    alias?: string,
    credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string },
  ): StorageProvider {
    const { endpoint, copy, volumes } = backupOf(this.environment);
    return new StorageProvider(this, alias === undefined ? "aws" : `aws-${alias}`, {
      ...place,
      ...(alias !== undefined && { alias }),
      ...(credentials && { credentials }),
      besideMinio: [endpoint, copy?.endpoint, volumes?.endpoint].some((each) => each != null),
    });
  }

  /** Whoever owns the second place must not be who owns the first: one lost key would lose both. */
  private askForOwner(prefix: string): { readonly accessKeyId: string; readonly secretAccessKey: string } {
    const ask = (what: string, name: string) => {
      const variable = new TerraformVariable(this, `${prefix}-${name}`, {
        type: "string",
        sensitive: true,
        nullable: false,
        description: `${what} of the owner of the second copy's bucket, another than the first's`,
      });
      variable.overrideLogicalId(`${prefix}_owner_${name}`);
      return variable.stringValue;
    };
    return {
      accessKeyId: ask("Access key", "access_key_id"),
      secretAccessKey: ask("Secret key", "secret_access_key"),
    };
  }
}

const placeOf = ({ region, endpoint }: Place): Place => ({ region, endpoint });
