import { Aspects, TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/schema.ts";
import type { Layer } from "../lib/core/platform/layers.ts";
import { MANAGER_CONTEXT } from "../lib/core/platform/names.ts";
import { forget } from "../lib/core/terraform/forget.ts";
import { addStateBackend } from "./state-backend.ts";

/** `use_lockfile` needs 1.10, write-only attributes need 1.11. */
const TERRAFORM_VERSION = ">= 1.11.0";

/** `cluster` keeps the key of the state that it takes over; the others are named after their layer. */
const stateKey = (layer: Layer) => (layer === "cluster" ? "terraform.tfstate" : `${layer}.tfstate`);

/**
 * A layer of one environment: `<env>-<layer>`, with its state where the environment keeps them, and every provider pinned to the exact version that its binding was made for.
 */
export abstract class HomelabStack extends TerraformStack {
  constructor(
    scope: Construct,
    readonly layer: Layer,
    readonly environment: Environment,
  ) {
    super(scope, `${environment.name}-${layer}`);
    this.node.setContext(MANAGER_CONTEXT, environment.names.manager);
    addStateBackend(this, environment.state, stateKey(layer));
    this.addOverride("terraform.required_version", TERRAFORM_VERSION);
    for (const { layer: where, resource } of environment.removed ?? [])
      if (where === layer) forget(this, resource);
    Aspects.of(this).add({
      visit: (node) => {
        if (node instanceof TerraformProvider) pinVersion(this, node);
      },
    });
  }
}

const pinVersion = (stack: TerraformStack, provider: TerraformProvider) => {
  const { providerName, providerVersion } = provider.terraformGeneratorMetadata ?? {};
  if (!providerName || !providerVersion)
    throw new Error(`provider ${provider.node.path}: its binding names no version`);
  stack.addOverride(`terraform.required_providers.${providerName}.version`, providerVersion);
};
