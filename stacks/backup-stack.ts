import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";
import { BackupBucket, type BackupBucketOutputs } from "../lib/backup/backup-bucket.ts";
import { StorageProvider } from "../lib/backup/storage-provider.ts";
import { HomelabStack } from "./homelab-stack.ts";

/** `<env>-backup`: the bucket that outlives the cluster, and what may write to it. */
export class BackupStack extends HomelabStack {
  /** What the etcd backup writes to, and with which credentials. */
  readonly bucket: BackupBucketOutputs;

  constructor(scope: Construct, environment: Environment) {
    super(scope, "backup", environment);
    const { bucket, region, endpoint, prefix, retention } = environment.backup;
    new StorageProvider(this, "aws", { region, endpoint });
    this.bucket = new BackupBucket(this, "etcd", { bucket, region, endpoint, prefix, retention }).outputs;
  }
}
