/** `homelab ownership`: what it says and returns. */

import { statSync } from "node:fs";
import type { Environment } from "../../environments/schema.ts";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import type { Terminal } from "../cli/terminal.ts";
import { argocdPath } from "./argocd-path.ts";
import { Checkout } from "./checkout.ts";
import { type ContestedObject, compareOwnership, type Ownership } from "./comparison.ts";
import { gitopsSide } from "./gitops-side.ts";
import { handoverSteps } from "./handover.ts";
import { terraformSide } from "./terraform-side.ts";

export interface OwnershipRequest {
  /** Directory of the checkout. */
  readonly gitops: string;
  /** Names of the environments. */
  readonly names: readonly string[];
  readonly json: boolean;
}

/** The project, as far as the command needs it. */
export interface OwnershipWorld {
  readonly environment: (name: string) => Environment;
  /** The stacks of an environment, as this revision synthesizes them. */
  readonly stacksOf: (environment: Environment) => readonly NamedStack[];
  /** Names of the apps in the catalogue. */
  readonly apps: readonly string[];
  /** Namespace of ArgoCD. */
  readonly argocdNamespace: string;
}

/** Returns the exit code. */
export const ownershipCommand = (
  { gitops, names, json }: OwnershipRequest,
  world: OwnershipWorld,
  { out, err }: Pick<Terminal, "out" | "err">,
): number => {
  const results = names.map((name) => {
    err(`${name}: synthesizing, and reading ${gitops} …`);
    return ownershipOf(name, gitops, world);
  });
  if (json) out(JSON.stringify(results, null, 2));
  else results.flatMap(lines).forEach(out);
  return results.some(({ findings }) => findings.length > 0) ? 1 : 0;
};

/** The objects that both own, and the revision that the root application syncs, which need not be the one checked out. */
type Result = Ownership & { readonly syncs: string };

const ownershipOf = (name: string, directory: string, world: OwnershipWorld): Result => {
  const { ours, theirs, revision } = sidesOf(name, directory, world);
  return { ...compareOwnership(name, ours, theirs, world.apps), syncs: revision };
};

/** Prints the steps by which an app moves here; returns the exit code. */
export const handoverCommand = (
  { app, gitops, names }: Omit<OwnershipRequest, "json"> & { readonly app: string },
  world: OwnershipWorld,
  { out }: Pick<Terminal, "out">,
): number => {
  for (const environment of names) {
    const { ours, theirs } = sidesOf(environment, gitops, world);
    const { findings } = compareOwnership(environment, ours, theirs, world.apps);
    handoverSteps({ app, environment, ours, theirs, findings }).forEach(out);
  }
  return 0;
};

/** Both sides, and the revision that the root application syncs. */
const sidesOf = (name: string, directory: string, world: OwnershipWorld) => {
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--gitops: must be a directory: got ${JSON.stringify(directory)}`);
  const environment = world.environment(name);
  const checkout = new Checkout(directory);
  const path = argocdPath(environment);
  if (!checkout.isDirectory(path) || checkout.kustomization(path) === undefined)
    throw new UsageError(
      `${directory}: must be a checkout of ${environment.gitops.repository}: it has no ${path}/kustomization.yaml`,
    );
  const { revision } = environment.gitops;
  const repository = String(environment.gitops.repository);
  const theirs = gitopsSide(checkout, { path, repository, revision, namespace: world.argocdNamespace });
  const ours = terraformSide(world.stacksOf(environment));
  return { ours, theirs, revision };
};

const lines = ({ environment, findings, unknown, syncs }: Result): string[] => [
  ...findings.map((finding) => `${environment}: ${line(finding)}`),
  ...unknown.map(({ where, why }) => `${environment}: not known: ${where}: ${why}`),
  `${environment}: ${findings.length} with two owners, ${unknown.length} not known; the checkout was read as it is, and the root application syncs ${syncs}`,
];

const line = ({ what, ours, theirs, advice }: ContestedObject): string => {
  const here = ours.map(({ stack, address }) => `${stack} ${address}`).join(", ");
  const there = theirs.map(({ file, application }) =>
    application && application.file !== file ? `${file} (Application ${application.name})` : file,
  );
  return `${what}: here ${here}; there ${[...new Set(there)].join(", ")}; ${advice}`;
};
