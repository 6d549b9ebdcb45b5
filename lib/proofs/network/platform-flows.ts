import { platformPods as pods } from "../../network/platform-pods.ts";
import type { ProofFlow } from "./flow.ts";
import { ENDS, type InventoryProps, type NetworkInventory } from "./inventory.ts";

type Protocol = ProofFlow["protocol"];

/** Flows of one name and allowance, between every `from` and every `to` on every port. */
const flows = (
  name: string,
  allowance: string | undefined,
  from: readonly string[],
  to: readonly string[],
  ports: readonly (readonly [Protocol, number])[],
): ProofFlow[] =>
  from.flatMap((source) =>
    to.flatMap((destination) =>
      ports.map(([protocol, port]) => ({
        name,
        from: source,
        to: destination,
        protocol,
        port,
        ...(allowance !== undefined && { allowance }),
      })),
    ),
  );

const DNS = [
  ["UDP", 53],
  ["TCP", 53],
] as const;

/**
 * Flows that must live: every one without which the platform does not work, whatever policies there are. Written from
 * what the components do, not from the allowances, so that a missing allowance is found.
 */
export const platformFlows = (
  { pods: all }: NetworkInventory,
  { repository, backupEndpoint }: InventoryProps,
): ProofFlow[] => {
  const everyPod = all.map(({ id }) => id);
  const nodes = [ENDS.host, ENDS.remoteNode];
  const apiServers = [ENDS.apiServer, ENDS.localApiServer];
  const argocd = {
    server: pods.argocdServer.id,
    controller: pods.argocdController.id,
    repoServer: pods.argocdRepoServer.id,
    applicationSet: pods.argocdApplicationSet.id,
    notifications: pods.argocdNotifications.id,
    redis: pods.argocdRedis.id,
    redisSecretInit: pods.argocdRedisSecretInit.id,
  };
  const scrape = (target: string, port: number) =>
    flows("metrics", "platform-metrics", [pods.scraper.id], [target], [["TCP", port]]);
  return [
    ...flows("DNS", "platform-dns", everyPod, [pods.coredns.id], DNS),
    ...flows("DNS upstream", "platform-dns-upstream", [pods.coredns.id], [ENDS.host, ENDS.hostDns], DNS),
    ...flows(
      "Kubernetes API",
      "platform-kube-apiserver",
      [
        pods.coredns.id,
        pods.hubbleCertificates.id,
        argocd.server,
        argocd.controller,
        argocd.applicationSet,
        argocd.notifications,
        argocd.redisSecretInit,
      ],
      apiServers,
      [["TCP", 6443]],
    ),
    ...flows("webhooks", "platform-webhooks", [ENDS.apiServer, ENDS.remoteNode], everyPod, [
      ["TCP", 443],
      ["TCP", 6443],
      ["TCP", 8443],
      ["TCP", 9443],
      ["TCP", 10250],
    ]),
    ...flows(
      "cilium-health",
      "platform-cilium-health",
      nodes,
      [ENDS.health],
      [
        ["TCP", 4240],
        ["ICMP", 8],
      ],
    ),
    ...flows("cilium-health", "platform-cilium-health", [ENDS.health], nodes, [
      ["TCP", 4240],
      ["ICMP", 8],
    ]),
    ...flows("Hubble", "platform-hubble", [pods.hubbleRelay.id], nodes, [["TCP", 4244]]),
    ...flows("Hubble", "platform-hubble", [pods.hubbleUi.id], [pods.hubbleRelay.id], [["TCP", 4245]]),
    ...flows(
      "ArgoCD",
      "platform-argocd",
      [argocd.server, argocd.controller, argocd.applicationSet, argocd.notifications],
      [argocd.repoServer],
      [["TCP", 8081]],
    ),
    ...flows(
      "ArgoCD",
      "platform-argocd",
      [argocd.server, argocd.controller, argocd.repoServer],
      [argocd.redis],
      [["TCP", 6379]],
    ),
    ...flows("Git", "platform-argocd-git", [argocd.repoServer], [ENDS.git], [["TCP", repository.port]]),
    ...flows(
      "ArgoCD UI",
      "platform-argocd-ui",
      [ENDS.world, ENDS.remoteNode, pods.traefik.id],
      [argocd.server],
      [["TCP", 8080]],
    ),
    ...scrape(pods.coredns.id, 9153),
    ...scrape(argocd.controller, 8082),
    ...scrape(argocd.server, 8083),
    ...scrape(argocd.repoServer, 8084),
    ...scrape(argocd.applicationSet, 8080),
    ...scrape(argocd.notifications, 9001),
    ...nodes.flatMap((node) =>
      [9962, 9963, 9964, 9965, 9100, 10250, 2381].flatMap((port) => scrape(node, port)),
    ),
    ...apiServers.flatMap((server) => scrape(server, 6443)),
    ...flows(
      "gateway",
      "platform-gateway",
      [ENDS.world, ENDS.remoteNode],
      [pods.traefik.id],
      [
        ["TCP", 8000],
        ["TCP", 8443],
        ["UDP", 8443],
      ],
    ),
    ...flows("gateway", "platform-gateway", [pods.traefik.id], apiServers, [["TCP", 6443]]),
    ...(backupEndpoint === undefined
      ? []
      : [
          ...flows("etcd backup", "platform-etcd-backup", [pods.etcdBackup.id], nodes, [["TCP", 50000]]),
          ...flows(
            "etcd backup",
            "platform-etcd-backup",
            [pods.etcdBackup.id],
            [ENDS.storage],
            [["TCP", backupEndpoint.port]],
          ),
        ]),
    // No allowance: Cilium always lets a node reach its own pods.
    ...flows("kubelet probes", undefined, [ENDS.host], everyPod, [["TCP", 8080]]),
  ];
};
