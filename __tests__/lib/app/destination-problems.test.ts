import { beforeAll, describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import { backupOf } from "../../../environments/absent.ts";
import type { EnvironmentInput } from "../../../environments/schema.ts";
import { app, egressTo, Port } from "../../../lib/app/index.ts";
import { environments, synthesis } from "../../stacks/homelab.ts";

/** The rule of the proof, and that of environments, which comes first for what the cluster stands on. */
const REFUSAL = /must (lie outside the cluster|be answered while the cluster is down)/;

/** Why prod is refused when apps reach out, each to one of these, or the environment is changed. */
const refusals = (to: readonly string[], change: (input: EnvironmentInput) => void = () => {}): string[] => {
  const strangers = to.map((destination, index) =>
    app(`stranger-${index}`, {
      image: "example/web:v1.0.0",
      port: "none",
      environments: ["prod"],
      size: "xs",
      network: [egressTo(destination, Port.tcp(443))],
    }),
  );
  try {
    const prod = environments((input) => (input.name === "prod" ? change(input) : undefined)).filter(
      ({ name }) => name === "prod",
    );
    synthesis(prod, {}, [...apps, ...strangers]);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").filter((line) => REFUSAL.test(line));
  }
};

describe("a destination that the cluster owns is refused with the link that works", () => {
  const inside = [
    ["authentik.truxonline.com", "which the gateway serves for authentik: use uses(authentik)"],
    ["argocd.truxonline.com", "which is ArgoCD's"],
    ["192.168.201.71", "192.168.201.71, which is ArgoCD's"],
    ["192.168.201.70", "the address of traefik: use uses(traefik"],
    ["192.168.201.85", "a load-balancer address: use uses(app)"],
    ["192.168.111.191", "the node peach: use reachesNodes(ports)"],
    ["192.168.201.191", "the node peach"],
    ["192.168.111.190", "the VIP of the Kubernetes API: use usesKubernetesApi()"],
    ["10.244.3.7", "the pod network: use uses(app)"],
    [
      "10.0.0.0/8",
      "10.244.0.0-10.244.255.255, the pod network; 10.96.0.0-10.111.255.255, the Service network",
    ],
    ["192.168.111.0/24", "and 3 more: use reachesNodes(ports) or usesKubernetesApi()"],
    ["redis-shared.databases.svc.cluster.local", "a Service of the cluster: use uses(app)"],
    ["redis-shared.databases", "a Service of the cluster: use uses(app)"],
    ["kubernetes.default.svc", "the Service of the Kubernetes API: use usesKubernetesApi()"],
  ] as const;
  const outside = ["api.example.org", "192.168.111.69", "203.0.113.0/24", "svc.example.org"];
  const destinations = [...inside.map(([to]) => to), ...outside];
  let lines: string[] = [];
  beforeAll(() => {
    lines = refusals(destinations);
  });
  const refusal = (to: string) =>
    lines.filter((line) => line.includes(`apps.stranger-${destinations.indexOf(to)}.`)).join("\n");

  test.each(inside)("%s", (to, message) => {
    expect(refusal(to)).toContain("network.egressTo: must lie outside the cluster");
    expect(refusal(to)).toContain(message);
  });

  test.each(outside)("%s is outside", (to) => {
    expect(refusal(to)).toBe("");
  });
});

describe("so is what the environment itself relies on", () => {
  const inside = "http://192.168.111.191:9000";
  test.each<[string, (input: EnvironmentInput) => void]>([
    [
      "gitops.repository",
      (input) => Object.assign(input.gitops, { repository: "https://authentik.truxonline.com/x.git" }),
    ],
    ["backup.endpoint", (input) => Object.assign(backupOf(input), { endpoint: inside })],
    [
      "backup.volumes.endpoint",
      (input) => Object.assign(backupOf(input).volumes ?? {}, { endpoint: inside }),
    ],
    ["state.endpoint", (input) => Object.assign(input.state, { endpoint: "http://minio.tools.svc:9000" })],
    ["secretStore.server", (input) => Object.assign(input.secretStore, { server: "http://10.96.3.4:8085" })],
    [
      "networkPolicy.exceptions.odd.to",
      (input) => {
        input.networkPolicy.exceptions = [
          {
            name: "odd",
            reason: "for a test of what is outside",
            reviewBy: "2027-06-30",
            from: { namespace: "tools" },
            to: { cidr: "192.168.201.70/32" },
            ports: [{ protocol: "TCP", port: 443 }],
          },
        ];
      },
    ],
  ])("%s", (path, change) => {
    const lines = refusals([], change);
    expect(lines.filter((line) => line.includes(`${path}: must `))).not.toEqual([]);
  });
});
