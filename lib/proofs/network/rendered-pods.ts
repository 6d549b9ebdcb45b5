/** Pods as charts really render them: what a selector has to match. */
import { distance } from "fastest-levenshtein";
import {
  type ChartFacts,
  chartFacts,
  environmentCharts,
  environmentsWithCharts,
} from "../../../environments/recorded/chart-facts.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { isOnHostNetwork, podsOf } from "../../app/resolved-app.ts";
import { podTemplateOf } from "../../core/facts/rendered.ts";
import { type Fields, fieldsOf, textOf } from "../../core/fields.ts";
import { managedResources, type TerraformJson } from "../../core/synthesis/terraform-json.ts";
import type { Peer } from "../../network/peer.ts";
import { type PlatformPod, platformPods } from "../../network/platform-pods.ts";
import type { PodIdentity } from "../evaluator/identities.ts";
import { isPeer } from "./peers.ts";

/**
 * Pods that no chart renders: Talos' manifests bring CoreDNS (v1.12.4, `k8stemplates/coredns.go`).
 */
const OTHERS: readonly PodIdentity[] = [
  { id: "kube-system/coredns", kind: "pod", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
];

const podsIn = (facts: ChartFacts): PodIdentity[] =>
  facts.known
    ? [...facts.workloads, ...facts.operated].flatMap((workload) => {
        const template = podTemplateOf(workload);
        const { name, namespace = facts.namespace } = workload.metadata;
        return template && template.spec.hostNetwork !== true
          ? [
              {
                id: `${namespace}/${name}`,
                kind: "pod" as const,
                namespace,
                labels: template.metadata?.labels ?? {},
              },
            ]
          : [];
      })
    : [];

/** Pods of the CronJobs that Terraform itself makes. */
const cronJobPods = (stack: TerraformJson): PodIdentity[] =>
  managedResources(stack)
    .filter(({ type }) => type === "kubernetes_cron_job_v1")
    .map(({ block, id }) => {
      const at = (value: unknown, key: string): Fields => {
        const below = fieldsOf(value)[key];
        return fieldsOf(Array.isArray(below) ? below[0] : below);
      };
      const template = at(at(at(at(block, "spec"), "job_template"), "spec"), "template");
      const labels = Object.entries(at(at(template, "metadata"), "labels"));
      return {
        id,
        kind: "pod",
        namespace: textOf(at(block, "metadata").namespace),
        labels: Object.fromEntries(labels.map(([key, value]) => [key, textOf(value)])),
      };
    });

/**
 * Platform pods whose selector matches nothing that is rendered or that the stacks make, a line each. Of a chart that is
 * not recorded nothing is known.
 */
export const unrenderedPlatformPods = (
  stacks: readonly TerraformJson[],
  pods: Readonly<Record<string, PlatformPod>> = platformPods,
  recorded: readonly ChartFacts[] = environmentsWithCharts.flatMap(environmentCharts),
): string[] => {
  const charts = recorded.filter(({ known }) => known);
  const isKnown = ({ release }: PlatformPod) =>
    release === undefined || charts.some((each) => each.release === release);
  const rendered = [...charts.flatMap(podsIn), ...OTHERS, ...stacks.flatMap(cronJobPods)];
  return Object.entries(pods)
    .filter(([, pod]) => isKnown(pod))
    .flatMap(([name, { peer }]) => unmatched(`platformPods.${name}`, peer, rendered));
};

/** Apps whose selector matches no pod that their chart renders, a line each. */
export const unrenderedApps = (apps: readonly ResolvedApp[]): string[] =>
  apps.flatMap((app) => {
    const facts = isOnHostNetwork(app) ? undefined : chartFacts(app.environment, app.name);
    // Facts of another version or namespace say nothing of this one; that they are stale is said elsewhere.
    const isSame =
      facts?.known &&
      facts.namespace === app.namespace &&
      (app.source.kind !== "chart" || app.source.version === facts.version);
    const rendered = isSame ? podsIn(facts) : [];
    // Without workloads an operator makes the pods.
    return rendered.length === 0 ? [] : unmatched(`apps.${app.name}.pods`, podsOf(app), rendered);
  });

const unmatched = (name: string, peer: Peer, rendered: readonly PodIdentity[]): string[] => {
  if (rendered.some((pod) => isPeer(peer, pod))) return [];
  const [nearest] = rendered
    .map(({ id }) => id)
    .toSorted((one, other) => distance(one, peer.label) - distance(other, peer.label));
  return [
    `${name}: must select a pod that a chart renders; nearest is ${nearest}: got ${peer.label}, ${labelText(peer)}`,
  ];
};

const labelText = ({ target }: Peer): string =>
  target.kind === "endpoints" ? JSON.stringify(target.selector.matchLabels) : "";
