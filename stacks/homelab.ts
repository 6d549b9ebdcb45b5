import type { Construct } from "constructs";
import { engineOf } from "../environments/gitops.ts";
import { chartFacts } from "../environments/recorded/chart-facts.ts";
import { type ChartSource, recordedCharts } from "../environments/recorded/chart-request.ts";
import { gitopsFacts } from "../environments/recorded/gitops-facts.ts";
import {
  type Environment,
  EnvironmentError,
  parseEnvironments,
  problemLine,
  unknowns,
} from "../environments/schema.ts";
import { COMPARED_CILIUM } from "../environments/versions.ts";
import { admissionWorld } from "../lib/admission/admit.ts";
import { Apps } from "../lib/app/apps.ts";
import { appsIn } from "../lib/app/catalogue.ts";
import { type AppDeclaration, livesIn } from "../lib/app/declaration.ts";
import { judgeDeclarations } from "../lib/app/declaration-schema.ts";
import { foreignDomainProblems } from "../lib/app/foreign-domains.ts";
import { closedDevices } from "../lib/app/pod-privileges.ts";
import type { Layer } from "../lib/core/platform/layers.ts";
import { whileDoing } from "../lib/core/synthesis/doing.ts";
import { summary } from "../lib/core/synthesis/summary.ts";
import { SynthesisError, type SynthesizedStack, synthesize } from "../lib/core/synthesis/synthesize.ts";
import { platformPods } from "../lib/network/platform-pods.ts";
import { measuredFit, NODE_LOST_RISK } from "../lib/proofs/capacity/measured.ts";
import { adoptedEnvironments } from "./adoption.ts";
import { addEnvironment } from "./homelab-environment.ts";
import { nodesFromContext, refuseMalformedContext } from "./node-context.ts";

/** Parses, checks and synthesizes environments, all or nothing; returns the closing table and what needs an eye. */
export const synthesizeHomelab = (
  inputs: readonly unknown[],
  declarations: readonly AppDeclaration[],
  outdir?: string,
): string => {
  const environments = judged(inputs, declarations);
  const table = summary(
    synthesizeEnvironments(environments, declarations, outdir),
    unknownsByStack(environments),
  );
  return [
    table,
    ...environments.flatMap((each) => [
      ...capacityLines(each),
      ...exceptionLines(each),
      ...unprovedLines(each),
      ...unknownGitopsLines(each),
      ...unknownChartLines(each, declarations),
      ...closedDeviceLines(each, declarations),
      ...unservedLines(each, declarations),
    ]),
  ].join("\n");
};

/** Parses the environments; refuses malformed ones, and those that do not fit their apps, before anything is made. */
const judged = (inputs: readonly unknown[], declarations: readonly unknown[]): Environment[] => {
  const malformed = judgeDeclarations(declarations).problems;
  try {
    const environments = whileDoing("reading the environments", () => parseEnvironments(inputs));
    const names = environments.map(({ name }) => name);
    const problems = judgeDeclarations(declarations, names).problems;
    if (problems.length > 0) throw new SynthesisError(problems);
    return environments;
  } catch (error) {
    if (malformed.length === 0 || !(error instanceof EnvironmentError)) throw error;
    throw new SynthesisError([...error.problems.map(problemLine), ...malformed]);
  }
};

/**
 * Synthesizes parsed environments, each with those of the apps that live in it, into `outdir`; without one into what
 * `CDKTF_OUTDIR` says, or else `cdktf.out`.
 */
export const synthesizeEnvironments = (
  environments: readonly Environment[],
  declarations: readonly AppDeclaration[],
  outdir?: string,
  charts: ChartSource = recordedCharts,
): SynthesizedStack[] => {
  refuseMalformedContext();
  return synthesize((app) => {
    const overrides = {
      maintenanceNodes: nodesFromContext(app, "maintenanceNodes", environments),
      stagedNodes: nodesFromContext(app, "stagedNodes", environments),
    };
    const adopted = adoptedEnvironments(app, environments);
    for (const environment of environments)
      addEnvironment(app, environment, overrides, adopted, declarations, charts);
    refuseForeignDomains(app, environments);
  }, outdir);
};

/** Hosts of one environment in the apps of another: only here all domains are known. */
const refuseForeignDomains = (app: Construct, environments: readonly Environment[]): void => {
  for (const apps of app.node.findAll().filter((each) => each instanceof Apps)) {
    const { edge, acceptedRisks } = apps.environment;
    const others = environments.filter((each) => each.edge.domain !== edge.domain);
    const domains = {
      own: edge.domain,
      others: new Map(others.map((each) => [each.edge.domain, each.name])),
      acceptedRisks,
    };
    apps.node.addValidation({ validate: () => foreignDomainProblems(apps.catalogue.apps.values(), domains) });
  }
};

/** The arithmetic of pods that do not fit with a node lost, where somebody accepted that. */
const capacityLines = ({ name, nodes, cluster, measuredRequests, acceptedRisks }: Environment): string[] => {
  const risk = acceptedRisks.find(({ id }) => id === NODE_LOST_RISK);
  if (!risk || !measuredRequests) return [];
  const { arithmetic } = measuredFit({ nodes, controlPlane: cluster.controlPlane }, measuredRequests);
  return [`${name}: accepted risk ${risk.id} until ${risk.reviewBy}: ${arithmetic}. ${risk.reason}`];
};

/** Every exception to the network standard, in every report. */
const exceptionLines = ({ name, networkPolicy }: Environment): string[] =>
  networkPolicy.exceptions.map(
    (exception) =>
      `${name}: network exception ${exception.name} until ${exception.reviewBy}: ${exception.reason}`,
  );

/** Lines for what the network's proofs cannot say for certain. */
const unprovedLines = ({ name, versions: { cilium }, networkPolicy: { mode } }: Environment): string[] => [
  ...(cilium in COMPARED_CILIUM
    ? []
    : [`${name}: network proofs unknown: no verdict of Cilium ${cilium} was ever compared with ours`]),
  ...(mode === "enforce" ? [] : [`${name}: network policy mode ${mode}: nothing is dropped yet`]),
];

/** Says where nobody knows what the GitOps side runs: its pods and policies are in no proof. */
const unknownGitopsLines = (environment: Environment): string[] => {
  const { name, gitops } = environment;
  const engine = engineOf(environment);
  if (engine === "none" || (engine === "argocd" && gitopsFacts(name) !== undefined)) return [];
  const cure = engine === "argocd" ? `: homelab coexist ${name} --gitops CHECKOUT --write records it` : "";
  return [`${name}: what ${engine} runs of ${gitops.repository} is unknown, and in no proof${cure}`];
};

/** Lists apps whose pods are unknown, in every report: their charts were not rendered. */
const unknownChartLines = ({ name }: Environment, declarations: readonly AppDeclaration[]): string[] =>
  declarations
    .filter((each) => each.props.git === undefined && livesIn(each, name))
    .flatMap((each) => {
      const facts = chartFacts(name, each.name);
      if (facts?.known) return [];
      const reason = facts?.reason ?? "its chart was never rendered";
      return [`${name}: what ${each.name} becomes is unknown: ${reason}`];
    });

const homeOf = (environment: Environment) => ({
  ...environment,
  charts: recordedCharts,
  admission: admissionWorld(environment.admission),
});

/** Devices that apps mount in vain. */
const closedDeviceLines = (environment: Environment, declarations: readonly AppDeclaration[]): string[] => {
  const home = homeOf(environment);
  return [...appsIn(declarations, home).values()].flatMap((app) =>
    closedDevices(app, home).map(
      (device) =>
        `${environment.name}: ${app.name} mounts ${device}, and no container of it may open it: declare it privileged in privileges and in the values of its chart, or ask a plugin for it with devices`,
    ),
  );
};

/** Hosts and claims that nobody here serves: no app is the gateway or the driver, and nothing is synced. */
const unservedLines = (environment: Environment, declarations: readonly AppDeclaration[]): string[] => {
  if (engineOf(environment) !== "none") return [];
  const { name, edge, storageClasses } = environment;
  const apps = [...appsIn(declarations, homeOf(environment)).values()];
  const hasGateway = apps.some((app) => app.name === platformPods.traefik.release);
  const orphans = storageClasses.filter(({ driver }) => driver.side === "gitops").map((each) => each.name);
  return apps.flatMap((app) => [
    ...(app.host === undefined || hasGateway
      ? []
      : [
          `${name}: nothing serves ${app.host} of ${app.name}: no app of ${name} is the gateway of the class ${edge.ingressClass}; apps/traefik.ts is one, and apps/cert-manager.ts brings its certificates`,
        ]),
    ...Object.entries(app.storage)
      .filter(([, volume]) => orphans.includes(volume.class))
      .map(
        ([volume, { class: given }]) =>
          `${name}: nothing makes the volume ${volume} of ${app.name}: the class ${given} comes from the GitOps repository, and ${name} syncs none`,
      ),
  ]);
};

/** Counts the assumptions that the values of a stack rest on. */
const unknownsByStack = (environments: readonly Environment[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const environment of environments) {
    for (const { path } of unknowns(environment)) {
      const stack = `${environment.name}-${layerOf(path)}`;
      counts.set(stack, (counts.get(stack) ?? 0) + 1);
    }
  }
  return counts;
};

/** The layer that an assumed field shapes first. */
const layerOf = (path: string): Layer => {
  if (path.startsWith("nodes") || path.startsWith("cluster") || path.startsWith("schematics"))
    return "cluster";
  if (path === "backup.image" || path === "backup.ageRecipients") return "platform";
  return path.startsWith("backup") ? "backup" : "platform";
};
