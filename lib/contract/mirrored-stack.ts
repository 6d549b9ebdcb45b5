import type { TerraformJson } from "../synthesis/terraform-json.ts";
import { ProviderAddress } from "./provider-address.ts";
import type { ProviderMirror } from "./provider-mirror.ts";
import { type RequiredProvider, requiredProviders } from "./required-providers.ts";

/** A stack as a mirror can serve it. */
export interface MirroredStack {
  readonly json: TerraformJson;
  /** Its providers, at the versions that it has now. */
  readonly providers: readonly RequiredProvider[];
  /** Providers that had to be taken at another version than the stack pins. */
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

/** Pins a stack to versions that a mirror has, nearest to its own, and says where they differ. */
export const mirroredStack = (stack: TerraformJson, mirror: ProviderMirror): MirroredStack => {
  const missing: string[] = [];
  const substituted: string[] = [];
  const providers = requiredProviders(stack).flatMap((required) => {
    const { source, version } = required;
    const found = mirror.nearest(source, version);
    if (!found) {
      missing.push(`${source} ${version}`);
      return [];
    }
    if (!found.exact) substituted.push(`${source} ${found.version} in place of ${version}`);
    return [{ ...required, version: found.version }];
  });
  return {
    json: { ...stack, terraform: { ...stack.terraform, required_providers: requirements(providers) } },
    providers,
    substituted,
    missing,
  };
};
