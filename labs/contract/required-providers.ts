import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { ProviderAddress } from "./provider-address.ts";

/** A provider at the version that stacks pin. */
export interface PinnedProvider {
  /** Short address, e.g. `hashicorp/helm`. */
  readonly source: string;
  readonly version: string;
}

/** A provider under the local name that a stack gives it. */
export interface RequiredProvider extends PinnedProvider {
  readonly localName: string;
}

/** The providers of a stack. */
export const requiredProviders = ({ terraform }: TerraformJson): RequiredProvider[] =>
  Object.entries(
    (terraform?.required_providers ?? {}) as Record<string, { source?: string; version?: string }>,
  ).map(([localName, { source = localName, version = "" }]) => ({
    localName,
    source: ProviderAddress.parse(source).toString(),
    version,
  }));

/** Every provider of some stacks, each version once, by address. */
export const pinnedProviders = (stacks: Iterable<TerraformJson>): PinnedProvider[] => {
  const found = new Map(
    [...stacks]
      .flatMap(requiredProviders)
      .map(({ source, version }) => [`${source} ${version}`, { source, version }]),
  );
  return [...found.keys()].sort().flatMap((key) => found.get(key) ?? []);
};
