import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { BackupBucketOutputs } from "./backup-bucket.ts";
import { VELERO_CREDENTIALS, VELERO_NAMESPACE } from "./volume-backup.ts";

export interface VeleroCredentialsProps {
  /** References to the credentials of the bucket of volume backups. */
  readonly credentials: Pick<BackupBucketOutputs, "accessKeyId" | "secretAccessKey">;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * The Secret that Velero's chart takes as `credentials.existingSecret`: a credentials file of AWS' form, from the backup
 * stack. It is never in the Terraform code.
 *
 * Refused: credentials as literals.
 */
export class VeleroCredentials extends Construct {
  readonly secret: SecretV1;

  constructor(scope: Construct, id: string, { credentials, dependsOn }: VeleroCredentialsProps) {
    super(scope, id);
    const literals = (["accessKeyId", "secretAccessKey"] as const).filter(
      (key) => !Token.isUnresolved(credentials[key]),
    );
    this.node.addValidation({
      validate: () =>
        literals.map(
          (key) => `credentials.${key}: must be a reference or a sensitive variable: got a literal`,
        ),
    });
    const { accessKeyId, secretAccessKey } =
      literals.length === 0 ? credentials : { accessKeyId: "", secretAccessKey: "" };
    const file = `[default]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
    this.secret = new SecretV1(this, "secret", {
      metadata: { name: VELERO_CREDENTIALS.name, namespace: VELERO_NAMESPACE },
      type: "Opaque",
      data: { [VELERO_CREDENTIALS.key]: Token.asString(Fn.sensitive(file)) },
      ...(dependsOn && { dependsOn }),
    });
  }
}
