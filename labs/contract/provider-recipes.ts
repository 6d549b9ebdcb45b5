/** Recipes to build each provider where only Go modules are to be had. */
import type { GoTool } from "../programs/go-tool.ts";

interface Recipe {
  readonly module: string;
  /** The variable that holds the version that the provider says of itself; undefined where it says none. */
  readonly variable: string | undefined;
  /**
   * The version of the module for each release. A module whose path lacks the suffix of its major version has no
   * version above 1, so that its releases are had by the time and commit of their tags.
   */
  readonly releases: Readonly<Record<string, string>>;
  /**
   * Built where the pinned release cannot be had.
   * @default - none
   */
  readonly nearby?: Nearby;
}

/** A commit of which more module proxies keep a copy than of the releases. */
interface Nearby {
  /** The release that it follows, and the time at which it was made. */
  readonly version: string;
  readonly release: string;
  /**
   * Arguments of the provider's own block that stacks have and this version does not know.
   * @default - none
   */
  readonly lacks?: readonly string[];
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  "hashicorp/kubernetes": {
    module: "github.com/hashicorp/terraform-provider-kubernetes",
    variable: "main.Version",
    releases: { "2.38.0": "v0.0.0-20250721172020-be88f4427105" },
    nearby: { version: "3.2.2-0.20260821094251", release: "v1.13.4-0.20260821094251-3a33fb6cc605" },
  },
  "hashicorp/helm": {
    module: "github.com/hashicorp/terraform-provider-helm",
    variable: "main.Version",
    releases: { "3.1.1": "v0.0.0-20251117192655-1cbf08f6a306" },
    nearby: { version: "3.2.1-0.20260629194918", release: "v1.3.3-0.20260629194918-a4f1c1d8b008" },
  },
  "hashicorp/http": {
    module: "github.com/terraform-providers/terraform-provider-http",
    variable: undefined,
    releases: { "3.5.0": "v0.0.0-20250423121457-1bae4db60887" },
    nearby: { version: "3.6.2-0.20260903154542", release: "v1.2.1-0.20260903154542-926109cd8c07" },
  },
  "alekc/kubectl": {
    module: "github.com/alekc/terraform-provider-kubectl",
    variable: "main.version",
    releases: { "2.4.1": "v0.0.0-20260601102818-575eb35976a8" },
    nearby: {
      version: "2.2.1-0.20260422205830",
      release: "v1.13.2-0.20260422205830-382f717da42b",
      lacks: ["lazy_load"],
    },
  },
  "siderolabs/talos": {
    module: "github.com/siderolabs/terraform-provider-talos",
    variable: "main.version",
    releases: { "0.11.0": "v0.11.0" },
  },
};

/** The Go module of a provider at a version, or why it is not known. */
export const providerTool = (source: string, version: string): GoTool | string => {
  const recipe = RECIPES[source];
  if (!recipe) return "no recipe to build it from Go modules";
  const { releases, nearby } = recipe;
  const release = version === nearby?.version ? nearby.release : releases[version];
  if (!release)
    return `no recipe for this version, only for ${Object.keys(releases).join(", ")}: labs/contract/provider-recipes.ts`;
  return {
    module: recipe.module,
    version: release,
    ...(recipe.variable && { variables: { [recipe.variable]: version } }),
  };
};

/** The version of a provider to build where the pinned one cannot be had. */
export const nearbyVersion = (source: string): string | undefined => RECIPES[source]?.nearby?.version;

/** Arguments of the provider's own block that this version of it lacks. */
export const lackedArguments = (source: string, version: string): readonly string[] => {
  const nearby = RECIPES[source]?.nearby;
  return (nearby?.version === version && nearby.lacks) || [];
};
