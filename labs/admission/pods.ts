/** Pods to ask both the engine and the model about: those that charts render, and generated ones. */
import { environmentCharts } from "../../environments/recorded/chart-facts.ts";
import { podTemplateOf } from "../../lib/core/facts/rendered.ts";
import type { Fields } from "../../lib/core/fields.ts";

/** The pod of every workload that was rendered for an environment, called after both. */
export const renderedPods = (environment: string): Fields[] =>
  environmentCharts(environment).flatMap((chart) =>
    chart.known
      ? [...chart.workloads, ...chart.operated].map((workload) => {
          const { metadata, spec } = podTemplateOf(workload);
          return {
            apiVersion: "v1",
            kind: "Pod",
            metadata: {
              ...metadata,
              name: `${workload.metadata.name}-${workload.kind.toLowerCase()}`,
              namespace: workload.metadata.namespace ?? chart.namespace,
            },
            spec,
          };
        })
      : [],
  );

/** Numbers that look random and are the same each time. */
const sequence = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const NAMES = ["web", "trivy-server", "helper-pod", "argocd-repo-server-x", "adguard-home-0"];
const NAMESPACES = ["media", "security", "argocd", "networking", "cert-manager", "monitoring"];
const LABELS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "vixens.io/nometrics": "true" },
  { "vixens.io/fast-start": "true", "vixens.io/service-binding": "false" },
  { "app.kubernetes.io/name": "grafana" },
];
const CONTEXTS: readonly Fields[] = [
  {},
  { privileged: true },
  { allowPrivilegeEscalation: true, capabilities: { add: ["NET_ADMIN"] } },
  { runAsUser: 1000, capabilities: { drop: ["NET_RAW"] } },
  { runAsUser: 0 },
];
const RESOURCES: readonly Fields[] = [
  {},
  { limits: { memory: "2Gi", cpu: "2" } },
  { requests: { memory: "256Mi" } },
  { requests: { cpu: "1" }, limits: { memory: "1Gi" } },
];

/** @param sizes labels of the sizing table */
export const generatedPods = (count: number, sizes: readonly string[]): Fields[] => {
  const number = sequence(2026);
  const one = <T>(of: readonly T[], otherwise: T): T => of[number(of.length)] ?? otherwise;
  return Array.from({ length: count }, (_, index) => {
    const container = (name: string) => ({
      name,
      image: "example/app:1",
      resources: one(RESOURCES, {}),
      securityContext: one(CONTEXTS, {}),
    });
    const containers = ["main", "config-syncer", "sidecar"].slice(0, 1 + number(3)).map(container);
    const initContainers = ["restore"].slice(0, number(2)).map(container);
    const sized = [...containers, ...initContainers]
      .filter(() => number(2) === 0)
      .map(({ name }) => [`vixens.io/sizing.${name}`, one([...sizes, "G-unheard"], "")]);
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: index % 4 === 0 ? one(NAMES, "web") : `web-${index}`,
        namespace: one(NAMESPACES, "media"),
        labels: { ...one(LABELS, {}), ...Object.fromEntries(sized) },
        annotations: number(3) === 0 ? { "vixens.io/explicitly-allow-root": "true" } : {},
      },
      spec: { containers, ...(initContainers.length > 0 && { initContainers }) },
    };
  });
};
