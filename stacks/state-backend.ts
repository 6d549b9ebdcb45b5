import { LocalBackend, S3Backend, TerraformBackend, TerraformRemoteState, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";

/** Terraform runs in `cdktf.out/stacks/<stack>`, which a synthesis writes anew. */
const FROM_STACK_TO_CHECKOUT = "../../..";

/** Keeps the state of a stack under `key`: in an S3 bucket (locked natively, path style), a directory, or a Secret. */
export const addStateBackend = (stack: TerraformStack, state: Environment["state"], key: string): void => {
  if (state.kind === "kubernetes") {
    new KubernetesBackend(stack, state.namespace);
    return;
  }
  if (state.kind === "local") {
    const { directory } = state;
    const base = directory.startsWith("/") ? directory : `${FROM_STACK_TO_CHECKOUT}/${directory}`;
    new LocalBackend(stack, { path: `${base}/${stack.node.id}.tfstate` });
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    key,
    region: state.region,
    endpoints: { s3: `${state.endpoint}` },
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    ...(state.credentials !== "environment" && state.credentials),
  });
  backend.addOverride("use_lockfile", true);
};

/** cdktf has no binding of it: https://developer.hashicorp.com/terraform/language/backend/kubernetes */
class KubernetesBackend extends TerraformBackend {
  constructor(
    private readonly stack: TerraformStack,
    private readonly namespace: string,
  ) {
    super(stack, "backend", "kubernetes");
  }

  protected override synthesizeAttributes() {
    return { secret_suffix: this.stack.node.id, namespace: this.namespace };
  }

  override getRemoteStateDataSource(scope: Construct, name: string): TerraformRemoteState {
    return new KubernetesState(scope, name, "kubernetes", {
      ...this.synthesizeAttributes(),
      workspace: "default",
    });
  }
}

class KubernetesState extends TerraformRemoteState {}
