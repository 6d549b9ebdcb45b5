/** `homelab coexist`: what it says and returns. */

import { mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupUrlOf } from "../../environments/absent.ts";
import { canonicalJson } from "../../environments/recorded/chart-request.ts";
import type { GitopsFacts } from "../../environments/recorded/gitops-facts.ts";
import type { Environment } from "../../environments/schema.ts";
import { runCommandSync } from "../../lib/core/process/command.ts";
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { UsageError } from "../../lib/core/usage-error.ts";
import { defaultDenyPolicy } from "../../lib/network/default-deny.ts";
import { appliedPolicies } from "../../lib/proofs/network/applied-policies.ts";
import type { Terminal } from "../cli/terminal.ts";
import { argocdPath } from "../ownership/argocd-path.ts";
import { Checkout, documentsOf } from "../ownership/checkout.ts";
import { type Build, gitopsSide } from "../ownership/gitops-side.ts";
import { everything, type Result, screen } from "./coexist-report.ts";
import { compare } from "./compare.ts";
import { curesOf } from "./cures.ts";
import { gitopsClaims } from "./gitops-claims.ts";
import { needsOf } from "./needs.ts";
import { type Rendered, rendered } from "./rendered.ts";
import { type CheckedOut, checkedOut, revisionNotes } from "./revision.ts";

export interface CoexistRequest {
  /** Directory of the checkout. */
  readonly gitops: string;
  readonly json: boolean;
  /** True to record what was found as facts. */
  readonly write: boolean;
}

/** The project, as far as the command needs it. */
export interface CoexistWorld {
  readonly environment: Environment;
  readonly stacksOf: (environment: Environment) => readonly { readonly json: TerraformJson }[];
  readonly argocdNamespace: string;
  readonly recorded: GitopsFacts | undefined;
  /** File of the facts. */
  readonly factsFile: string;
  /** Builds a directory of the checkout as kubectl does; undefined where it is not installed, or cannot. */
  readonly kubectl: (checkout: string) => Build | undefined;
}

/** Returns the exit code. */
export const coexistCommand = (
  { gitops, json, write }: CoexistRequest,
  world: CoexistWorld,
  { out, err }: Pick<Terminal, "out" | "err">,
): number => {
  const { environment, recorded } = world;
  const at = checkedOut(gitops);
  if (write && at === undefined)
    throw new UsageError(
      `--write: --gitops must be a checkout of Git, so that its commit is known: got ${gitops}`,
    );
  err(`${environment.name}: reading ${gitops} …`);
  const read = reading(gitops, world, err);
  const needs = needsOf(read.rendered);
  err(`${environment.name}: deciding with our policies over theirs …`);
  const notes = [
    ...read.notes,
    ...(at === undefined
      ? [`${gitops} is no checkout of Git, so its commit is not known`]
      : revisionNotes(gitops, at, environment.gitops.revision, write ? { ...at } : recorded)),
  ];
  const result = resultOf(read.rendered, needs, world, notes);
  if (write && at) writeFileSync(world.factsFile, factsText(read.rendered, needs, environment, at));
  const file = join(mkdtempSync(join(tmpdir(), "coexist-")), `${environment.name}.txt`);
  writeFileSync(file, `${everything(result).join("\n")}\n`);
  if (json) out(JSON.stringify({ ...result, files: undefined }, plainCures, 2));
  else screen(result, file).forEach(out);
  return result.ready ? 0 : 1;
};

const plainCures = (key: string, value: unknown): unknown =>
  key === "cures" ? (value as readonly { text: string }[]).map(({ text }) => text) : value;

const reading = (
  gitops: string,
  { environment, argocdNamespace, kubectl }: CoexistWorld,
  err: (text: string) => void,
): { readonly rendered: Rendered; readonly notes: string[] } => {
  if (!statSync(gitops, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--gitops: must be a directory: got ${JSON.stringify(gitops)}`);
  const { revision } = environment.gitops;
  const repository = String(environment.gitops.repository);
  const root = { path: argocdPath(environment), repository, revision, namespace: argocdNamespace };
  const checkout = new Checkout(gitops);
  if (!checkout.isDirectory(root.path) || checkout.kustomization(root.path) === undefined)
    throw new UsageError(
      `${gitops}: must be a checkout of ${repository}: it has no ${root.path}/kustomization.yaml`,
    );
  const own = rendered(environment.name, gitopsSide(checkout, root));
  const build = kubectl(gitops);
  if (build === undefined)
    return {
      rendered: own,
      notes: ["kubectl is not installed, so our own reading was compared with nothing"],
    };
  err(`${environment.name}: comparing with kubectl kustomize …`);
  const theirs = rendered(environment.name, gitopsSide(checkout, root, build));
  const different = differences(own, theirs);
  if (different.length === 0) return { rendered: theirs, notes: [] };
  const which = different.slice(0, 3).join(", ");
  return {
    rendered: theirs,
    notes: [
      `kubectl kustomize renders ${different.length} otherwise than we read them, and it counts: ${which}`,
    ],
  };
};

/** Names of pods and policies that two readings have differently. */
const differences = (one: Rendered, other: Rendered): string[] => {
  const entries = ({ pods, policies }: Rendered) =>
    new Map([
      ...pods.map(({ template: _, ...pod }) => [pod.id, canonicalJson(pod)] as const),
      ...policies.map(
        (policy) => [canonicalJson([policy.kind, policy.metadata]), canonicalJson(policy)] as const,
      ),
    ]);
  const [left, right] = [entries(one), entries(other)];
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => left.get(key) !== right.get(key));
};

const resultOf = (
  read: Rendered,
  needs: GitopsFacts["needs"],
  { environment, stacksOf }: CoexistWorld,
  notes: readonly string[],
): Result => {
  const { name, networkPolicy, gitops } = environment;
  const { pods, cilium } = appliedPolicies(stacksOf(environment).map(({ json }) => json));
  if (!cilium) throw new Error(`${name}: no stack applies a release of Cilium`);
  const found = compare({
    theirs: { ...read, needs },
    ours: networkPolicy.mode === "off" ? [...pods, defaultDenyPolicy()] : pods,
    ciliumVersion: cilium.version,
    repository: gitops.repository,
    backupEndpoint: backupUrlOf(environment),
  });
  return {
    ...found,
    environment: name,
    mode: networkPolicy.mode,
    ready: found.lostNeeds.length + found.lostAccess.length + found.unknown.length === 0,
    lostNeeds: found.lostNeeds.map((lost) => ({ ...lost, cures: curesOf(lost, read.pods, environment) })),
    files: read.files,
    counts: { pods: read.pods.length, policies: read.policies.length },
    notes,
  };
};

/** Facts as they are recorded: a pod, a policy and a need a line each. */
const factsText = (
  { objects, pods, policies, namespaces, unread }: Rendered,
  needs: GitopsFacts["needs"],
  { gitops: { repository, revision } }: Environment,
  { commit, committedOn }: CheckedOut,
): string => {
  const lines = (values: readonly unknown[]) =>
    values.length === 0
      ? "[]"
      : `[\n${values.map((value) => `    ${JSON.stringify(value)}`).join(",\n")}\n  ]`;
  const fields = {
    repository: JSON.stringify(repository),
    revision: JSON.stringify(revision),
    commit: JSON.stringify(commit),
    committedOn: JSON.stringify(committedOn),
    namespaces: JSON.stringify(namespaces),
    pods: lines(pods.map(({ template: _, ...pod }) => pod)),
    policies: lines(policies),
    needs: lines(needs),
    claims: lines(gitopsClaims(objects)),
    unread: lines(unread),
  };
  const body = Object.entries(fields).map(([key, text]) => `  ${JSON.stringify(key)}: ${text}`);
  return `{\n${body.join(",\n")}\n}\n`;
};

/** Builds with the kubectl of this machine. */
export const kubectlBuild = (checkout: string): Build | undefined => {
  if (runCommandSync("kubectl", ["version", "--client"], { timeout: 30_000 }).code !== 0) return undefined;
  return (path) => {
    const { code, stdout } = runCommandSync("kubectl", ["kustomize", path], {
      directory: checkout,
      timeout: 60_000,
    });
    return code === 0 ? documentsOf(stdout, path) : undefined;
  };
};
