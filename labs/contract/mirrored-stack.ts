import type { Block, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { ProviderAddress } from "./provider-address.ts";
import type { ProviderMirror } from "./provider-mirror.ts";
import { lackedArguments, nearbyVersion } from "./provider-recipes.ts";
import { type RequiredProvider, requiredProviders } from "./required-providers.ts";

/** A stack as a mirror can serve it. */
export interface MirroredStack {
  readonly json: TerraformJson;
  /** Its providers, at the versions that it has now. */
  readonly providers: readonly RequiredProvider[];
  /** Providers that had to be taken at another version than the stack pins, and what that one does not know. */
  readonly substituted: readonly string[];
  /** Those among the substituted that this project does not build for itself: what they refuse says nothing of the stack. */
  readonly strange: readonly string[];
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
  const strange: string[] = [];
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
      if (found.version !== nearbyVersion(source)) strange.push(`${source} ${found.version}`);
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
    strange,
    missing,
  };
};

const withoutArguments = (block: Block, names: readonly string[]): Block =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));
