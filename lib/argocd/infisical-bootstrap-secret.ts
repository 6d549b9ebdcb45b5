import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { type ITerraformDependable, TerraformVariable } from "cdktf";
import { Construct } from "constructs";

const NAME = "infisical-universal-auth";

export interface InfisicalBootstrapSecretProps {
  /**
   * Namespace, made elsewhere; InfisicalSecrets point here with `credentialsRef`.
   * @default "argocd"
   */
  readonly namespace?: string;
  /**
   * Raise it to write new credentials: Terraform does not see that a write-only value changed.
   * @default 1
   */
  readonly revision?: number;
  /** @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

export interface InfisicalBootstrapSecretOutputs {
  readonly name: string;
  readonly namespace: string;
}

/**
 * The machine identity with which Infisical's operator reads every other secret, before GitOps is there.
 *
 * Its two values come from the Terraform variables `infisical_client_id` and `infisical_client_secret`
 * (`TF_VAR_…`), both for plan and for apply. They are ephemeral and written through `data_wo`, so neither the state
 * nor a saved plan holds them; this needs Terraform 1.11. The provider does not read them back, so somebody else's
 * edit of the values is not shown as drift. A Secret that is in a state with `data` keeps that copy there: import it
 * anew instead.
 *
 * Refused: a revision that is not a whole number of at least 1 (below, the provider writes no data at all).
 */
export class InfisicalBootstrapSecret extends Construct {
  /** The Terraform resource, to depend on. */
  readonly secret: SecretV1;
  readonly outputs: InfisicalBootstrapSecretOutputs;

  constructor(scope: Construct, id: string, props: InfisicalBootstrapSecretProps = {}) {
    super(scope, id);
    const { namespace = "argocd", revision = 1 } = props;
    this.node.addValidation({
      validate: () =>
        Number.isInteger(revision) && revision >= 1
          ? []
          : [`InfisicalBootstrapSecret: revision: must be a whole number of at least 1: got ${revision}`],
    });
    this.secret = new SecretV1(this, "secret", {
      metadata: { name: NAME, namespace, labels: { app: "infisical-operator", "managed-by": "terraform" } },
      type: "Opaque",
      dataWo: {
        clientId: this.ephemeral("infisical_client_id", "Client id of the machine identity."),
        clientSecret: this.ephemeral("infisical_client_secret", "Client secret of the machine identity."),
      },
      dataWoRevision: revision,
      ...(props.dependsOn && { dependsOn: props.dependsOn }),
    });
    this.outputs = { name: NAME, namespace };
  }

  private ephemeral(name: string, description: string): string {
    const variable = new TerraformVariable(this, name, {
      type: "string",
      sensitive: true,
      nullable: false,
      description: `Infisical: ${description}`,
      validation: [{ condition: `\${length(var.${name}) > 0}`, errorMessage: "Must not be empty." }],
    });
    variable.overrideLogicalId(name);
    variable.addOverride("ephemeral", true);
    return variable.stringValue;
  }
}
