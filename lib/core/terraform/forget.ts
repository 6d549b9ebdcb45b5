import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

const forgotten = new WeakMap<TerraformStack, Set<string>>();

/**
 * Drops a resource from the state of its stack without destroying it, by a `removed` block. Does nothing where the
 * state does not hold it.
 *
 * All blocks of a stack go through here: CDKTF keeps them in one override, which a second one would overwrite.
 *
 * @param address in Terraform, e.g. `kubectl_manifest.root_app`
 */
export const forget = (scope: Construct, address: string): void => {
  const stack = TerraformStack.of(scope);
  const addresses = forgotten.get(stack) ?? new Set();
  forgotten.set(stack, addresses.add(address));
  stack.addOverride(
    "removed",
    [...addresses].sort().map((from) => ({ from, lifecycle: { destroy: false } })),
  );
};
