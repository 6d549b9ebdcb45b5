/** How each provider is built where only Go modules are to be had. */
import type { GoTool } from "./go-tool.ts";

interface Recipe {
  readonly module: string;
  /** The variable that holds the version that the provider says of itself; undefined where it says none. */
  readonly variable: string | undefined;
  /**
   * The version of the module for each release. A module whose path lacks the suffix of its major version has no
   * version above 1, so that its releases are had by the time and commit of their tags.
   */
  readonly releases: Readonly<Record<string, string>>;
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  "hashicorp/kubernetes": {
    module: "github.com/hashicorp/terraform-provider-kubernetes",
    variable: "main.Version",
    releases: { "2.38.0": "v0.0.0-20250721172020-be88f4427105" },
  },
  "hashicorp/helm": {
    module: "github.com/hashicorp/terraform-provider-helm",
    variable: "main.Version",
    releases: { "3.1.1": "v0.0.0-20251117192655-1cbf08f6a306" },
  },
  "hashicorp/http": {
    module: "github.com/terraform-providers/terraform-provider-http",
    variable: undefined,
    releases: { "3.5.0": "v0.0.0-20250423121457-1bae4db60887" },
  },
  "alekc/kubectl": {
    module: "github.com/alekc/terraform-provider-kubectl",
    variable: "main.version",
    releases: { "2.4.1": "v0.0.0-20260601102818-575eb35976a8" },
  },
  "siderolabs/talos": {
    module: "github.com/siderolabs/terraform-provider-talos",
    variable: "main.version",
    releases: { "0.11.0": "v0.11.0" },
  },
};

/** OpenTofu, for those who check against both. */
export const OPENTOFU: GoTool = {
  module: "github.com/opentofu/opentofu",
  version: "v1.12.6",
  package: "cmd/tofu",
  variables: { "github.com/opentofu/opentofu/version.dev": "no" },
};

/** The Go module of a provider at a version, or why it is not known. */
export const providerTool = (source: string, version: string): GoTool | string => {
  const recipe = RECIPES[source];
  if (!recipe) return "no recipe to build it from Go modules";
  const release = recipe.releases[version];
  if (!release)
    return `no recipe for this version, only for ${Object.keys(recipe.releases).join(", ")}: lib/contract/provider-recipes.ts`;
  return {
    module: recipe.module,
    version: release,
    ...(recipe.variable && { variables: { [recipe.variable]: version } }),
  };
};
