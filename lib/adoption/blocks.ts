import { type TerraformResource, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { forget } from "../core/terraform/forget.ts";
import { type BrownfieldNode, forgottenAddresses, movedBlocks } from "./brownfield.ts";

/**
 * Takes the brownfield's state over in place: resources that continue move to their new addresses, the others leave
 * the state and are not destroyed. Does nothing where the state holds none of it, so it may stay after the adoption.
 */
export const addClusterAdoption = (scope: Construct, nodes: readonly BrownfieldNode[]): void => {
  TerraformStack.of(scope).addOverride("moved", movedBlocks(nodes));
  for (const address of forgottenAddresses()) forget(scope, address);
};

/** An object that lives already, and the resource that takes it over. */
export interface Import {
  readonly to: TerraformResource;
  /** The id as the provider reads it, e.g. `kube-system/cilium` for a Helm release. */
  readonly id: string;
}

/** `import` blocks of a stack: without effect on what its state holds already. */
export const addImports = (scope: Construct, imports: readonly Import[]): void => {
  if (imports.length === 0) return;
  TerraformStack.of(scope).addOverride(
    "import",
    imports.map(({ to, id }) => ({ to: `${to.terraformResourceType}.${to.friendlyUniqueId}`, id })),
  );
};

/** Keeps a resource as it is: Terraform plans no change of it, only that it is there. */
export const leaveAsItIs = (resource: TerraformResource): void => {
  resource.lifecycle = { ...resource.lifecycle, ignoreChanges: "all" };
};

/**
 * Leaves a Helm release out of the state for now. It cannot be taken over as it is: an import does not read the
 * release's values, so the first update would reset them (hashicorp/helm 3.1.1). Were the state to hold it already,
 * Terraform refuses to plan its destruction.
 */
export const leaveUnmanaged = (release: TerraformResource): void => {
  release.addOverride("count", 0);
  release.lifecycle = { ...release.lifecycle, preventDestroy: true };
};
