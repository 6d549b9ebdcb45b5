/** `npm run ownership`: what it accepts, says and returns. */
import { statSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Environment } from "../../environments/schema.ts";
import { rootPath } from "../../lib/argocd/root-app.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import type { EnvironmentSource } from "../cli/environment-source.ts";
import { Checkout } from "./checkout.ts";
import { compareOwnership, type Finding, type Ownership } from "./comparison.ts";
import { gitopsSide } from "./gitops-side.ts";
import { type NamedStack, terraformSide } from "./terraform-side.ts";

const USAGE = `usage: npm run ownership -- --gitops <checkout> [--env <environment>] [--json]

Lists what both our stacks and the Applications of a checkout of the GitOps repository would own. Reads, changes nothing.

exit codes: 0 nothing has two owners; 1 something has; 2 wrong use, or a checkout that cannot be read`;

/** What the command needs of the project. */
export interface OwnershipWorld {
  readonly environments: EnvironmentSource;
  /** The stacks of an environment, as this revision synthesizes them. */
  readonly stacksOf: (environment: Environment) => readonly NamedStack[];
  /** Names of the apps in the catalogue. */
  readonly apps: readonly string[];
  /** Namespace of ArgoCD. */
  readonly argocdNamespace: string;
}

/** Returns the exit code. */
export const ownershipCommand = (
  args: readonly string[],
  world: OwnershipWorld,
  out: (line: string) => void,
): number => {
  try {
    const { gitops, names, json } = request(args, world);
    const results = names.map((name) => ownershipOf(name, gitops, world));
    if (json) out(JSON.stringify(results, null, 2));
    else results.flatMap(lines).forEach(out);
    return results.some(({ findings }) => findings.length > 0) ? 1 : 0;
  } catch (error) {
    out(error instanceof UsageError ? `${error.message}\n\n${USAGE}` : (error as Error).message);
    return 2;
  }
};

const request = (args: readonly string[], { environments }: OwnershipWorld) => {
  const { values, positionals } = parse(args);
  const known = Object.keys(environments);
  const { gitops, env } = values;
  const problems = [
    ...(positionals.length > 0 ? [`${positionals.join(" ")}: nothing stands by itself`] : []),
    ...(gitops === undefined
      ? ["--gitops: must name a checkout of the GitOps repository, but is missing"]
      : []),
    ...(gitops !== undefined && !statSync(gitops, { throwIfNoEntry: false })?.isDirectory()
      ? [`--gitops: must be a directory: got ${JSON.stringify(gitops)}`]
      : []),
    ...(env !== undefined && !known.includes(env)
      ? [`--env: must be one of ${known.join(", ")}: got ${JSON.stringify(env)}`]
      : []),
  ];
  if (problems.length > 0 || gitops === undefined) throw new UsageError(problems.join("\n"));
  return { gitops, names: env === undefined ? known : [env], json: values.json };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        gitops: { type: "string" },
        env: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/** What both own, and the revision that the root application syncs, which need not be the one checked out. */
type Result = Ownership & { readonly syncs: string };

const ownershipOf = (name: string, directory: string, world: OwnershipWorld): Result => {
  const environment = world.environments[name]?.() as Environment;
  const checkout = new Checkout(directory);
  const path = rootPath(name);
  if (!checkout.isDirectory(path) || checkout.kustomization(path) === undefined)
    throw new Error(
      `${directory}: must be a checkout of ${environment.gitops.repository}: it has no ${path}/kustomization.yaml`,
    );
  const { repository, revision } = environment.gitops;
  const theirs = gitopsSide(checkout, { path, repository, revision, namespace: world.argocdNamespace });
  const ours = terraformSide(world.stacksOf(environment));
  return { ...compareOwnership(name, ours, theirs, world.apps), syncs: revision };
};

const lines = ({ environment, findings, unknown, syncs }: Result): string[] => [
  ...findings.map((finding) => `${environment}: ${line(finding)}`),
  ...unknown.map(({ where, why }) => `${environment}: not known: ${where}: ${why}`),
  `${environment}: ${findings.length} with two owners, ${unknown.length} not known; the checkout was read as it is, and the root application syncs ${syncs}`,
];

const line = ({ what, ours, theirs, advice }: Finding): string => {
  const here = ours.map(({ stack, address }) => `${stack} ${address}`).join(", ");
  const there = theirs.map(({ file, application }) =>
    application && application.file !== file ? `${file} (Application ${application.name})` : file,
  );
  return `${what}: here ${here}; there ${[...new Set(there)].join(", ")}; ${advice}`;
};
