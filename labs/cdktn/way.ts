/** The way from cdktf to cdktn, as far as it is data: the manifest that takes it, and what is different afterwards. */

export interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Terraform JSON of each stack. */
export type StackFiles = ReadonlyMap<string, string>;

/**
 * The manifest with cdktn under the name of cdktf, for every prebuilt binding too, so that one core is in the tree.
 * cdktf's command line brings a core of its own and is left out; synthesis does not need it.
 */
export const aliased = (manifest: PackageJson, version: string): PackageJson => {
  const { "cdktf-cli": _, ...devDependencies } = manifest.devDependencies;
  const bindings = Object.keys(manifest.dependencies).filter((name) => name.startsWith("@cdktf/provider-"));
  return {
    ...manifest,
    dependencies: { ...manifest.dependencies, cdktf: `npm:cdktn@${version}` },
    devDependencies,
    overrides: {
      ...manifest.overrides,
      ...Object.fromEntries(bindings.map((name) => [name, { cdktf: "$cdktf" }])),
    },
  };
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Paths at which two values differ; `//` is skipped, as it holds what the framework says of itself. */
const differencesAt = (path: string, before: unknown, after: unknown): string[] => {
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after))
    return Object.is(before, after) ? [] : [path];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => key !== "//")
    .flatMap((key) => differencesAt(`${path}.${key}`, before[key], after[key]));
};

/** Paths at which stacks differ, without the framework's own metadata. */
export const stackDifferences = (before: StackFiles, after: StackFiles): string[] =>
  [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    if (was === undefined || is === undefined)
      return [`${name}: ${is === undefined ? "is missing" : "is new"}`];
    return differencesAt(`${name}: `, JSON.parse(was), JSON.parse(is)).map((path) => `${path} differs`);
  });
