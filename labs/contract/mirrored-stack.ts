import type { Block, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { ProviderAddress } from "./provider-address.ts";
import type { ProviderMirror } from "./provider-mirror.ts";
import { lackedArguments } from "./provider-recipes.ts";
import { type RequiredProvider, requiredProviders } from "./required-providers.ts";

/** A stack as a mirror can serve it. */
export interface MirroredStack {
  readonly json: TerraformJson;
  /** Its providers, at the versions that it has now. */
  readonly providers: readonly RequiredProvider[];
  /** Providers that had to be taken at another version than the stack pins, and what that one does not know. */
  readonly substituted: readonly string[];
  /** Providers that the mirror does not have at all. */
  readonly missing: readonly string[];
}

/** Requirements that name the host: Terraform and OpenTofu each have a host of their own for those that do not. */
export const requirements = (providers: readonly RequiredProvider[]) =>
  Object.fromEntries(
    providers.map(({ localName, source, version }) => [
      localName,
      { source: ProviderAddress.parse(source).full, version },
    ]),
  );

/**
 * Pins a stack to versions that a mirror has, nearest to its own, and says where they differ. Arguments that such a
 * version is known to lack are removed from the provider's block.
 */
export const mirroredStack = (stack: TerraformJson, mirror: ProviderMirror): MirroredStack => {
  const missing: string[] = [];
  const substituted: string[] = [];
  const provider = { ...stack.provider };
  const providers = requiredProviders(stack).flatMap((required) => {
    const { localName, source, version } = required;
    const found = mirror.nearest(source, version);
    if (!found) {
      missing.push(`${source} ${version}`);
      return [];
    }
    if (!found.exact) {
      const lacked = lackedArguments(source, found.version);
      const without = lacked.length > 0 ? ` without ${lacked.join(", ")}` : "";
      substituted.push(`${source} ${found.version} in place of ${version}${without}`);
      provider[localName] = (provider[localName] ?? []).map((block) => withoutArguments(block, lacked));
    }
    return [{ ...required, version: found.version }];
  });
  return {
    json: {
      ...stack,
      ...(stack.provider && { provider }),
      terraform: { ...stack.terraform, required_providers: requirements(providers) },
    },
    providers,
    substituted,
    missing,
  };
};

const withoutArguments = (block: Block, names: readonly string[]): Block =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));
