import { API_SERVER_PORT } from "../core/platform/api-server.ts";
import { etcdBackupAccess } from "../core/platform/etcd-backup-access.ts";
import { ETCD_METRICS_PORT } from "../core/platform/etcd-metrics.ts";
import type { HttpUrl } from "../core/values/http-url.ts";
import { Allowance, type Route } from "./allowance.ts";
import { Peer } from "./peer.ts";
import { platformPods } from "./platform-pods.ts";
import { Port } from "./port.ts";

const API_SERVER = Port.tcp(API_SERVER_PORT);
const DNS = [Port.udp(53), Port.tcp(53)];
/** Ports that API servers call: webhooks and aggregated APIs listen on these by convention. */
export const WEBHOOKS = [
  Port.tcp(443),
  Port.tcp(API_SERVER_PORT),
  Port.tcp(8443),
  Port.tcp(9443),
  Port.tcp(10250),
];

/** The node that a pod runs on, and the other nodes. */
const nodes = Peer.entities("host", "remote-node");
/** Sources of connections from outside: clients, or another node that translated their address. */
const outside = Peer.entities("world", "remote-node", "host");
const apiServer = Peer.entities("kube-apiserver");

export interface PlatformAllowancesProps {
  /** URL of the Git repository that ArgoCD syncs. */
  readonly repository: HttpUrl;
  /** URL of the S3 endpoint that the etcd backup writes to; undefined where there is no backup. */
  readonly backupEndpoint: HttpUrl | undefined;
}

/**
 * The platform's reviewed list: every flow that the cluster needs before any app is there.
 *
 * Not listed because no policy decides it: what host-network pods and the nodes do among themselves (API server,
 * etcd, kubelet, image pulls), and a node's probes of its own pods, which Cilium always lets in.
 */
export const platformAllowances = (props: PlatformAllowancesProps): Allowance[] => [
  new Allowance({
    name: "platform-dns",
    why: "Every pod resolves names through CoreDNS.",
    routes: [{ from: Peer.everyPod(), to: platformPods.coredns.peer, ports: DNS }],
  }),
  new Allowance({
    name: "platform-dns-upstream",
    // Cilium takes the address for the node itself where it is configured on it, for an outside one elsewhere.
    why: "CoreDNS forwards to Talos host DNS, 169.254.116.108 on its own node.",
    routes: [
      { from: platformPods.coredns.peer, to: Peer.entities("host"), ports: DNS },
      { from: platformPods.coredns.peer, to: Peer.cidr("169.254.116.108/32"), ports: DNS },
    ],
  }),
  new Allowance({
    name: "platform-kube-apiserver",
    why: "CoreDNS, ArgoCD's controllers and the renewal of Hubble's certificates use the Kubernetes API.",
    routes: [
      platformPods.coredns.peer,
      platformPods.hubbleCertificates.peer,
      platformPods.argocdServer.peer,
      platformPods.argocdController.peer,
      platformPods.argocdApplicationSet.peer,
      platformPods.argocdNotifications.peer,
      platformPods.argocdRedisSecretInit.peer,
    ].map((from): Route => ({ from, to: apiServer, ports: [API_SERVER] })),
  }),
  new Allowance({
    name: "platform-webhooks",
    // Through the tunnel an API server of another node arrives as remote-node.
    why: "The API server calls admission webhooks and aggregated APIs.",
    routes: [{ from: Peer.entities("kube-apiserver", "remote-node"), to: Peer.everyPod(), ports: WEBHOOKS }],
  }),
  new Allowance({
    name: "platform-cilium-health",
    why: "Cilium probes its health endpoint on every node.",
    routes: [
      { from: nodes, to: Peer.health(), ports: [Port.tcp(4240), Port.ping()] },
      { from: Peer.health(), to: nodes, ports: [Port.tcp(4240), Port.ping()] },
    ],
  }),
  new Allowance({
    name: "platform-hubble",
    why: "Hubble relay collects flows from every agent and serves them to Hubble UI.",
    routes: [
      { from: platformPods.hubbleRelay.peer, to: nodes, ports: [Port.tcp(4244)] },
      { from: platformPods.hubbleUi.peer, to: platformPods.hubbleRelay.peer, ports: [Port.tcp(4245)] },
    ],
  }),
  new Allowance({
    name: "platform-argocd",
    why: "ArgoCD's components talk to the repository server and to Redis.",
    routes: [
      ...[
        platformPods.argocdServer.peer,
        platformPods.argocdController.peer,
        platformPods.argocdApplicationSet.peer,
        platformPods.argocdNotifications.peer,
      ].map((from): Route => ({ from, to: platformPods.argocdRepoServer.peer, ports: [Port.tcp(8081)] })),
      ...[
        platformPods.argocdServer.peer,
        platformPods.argocdController.peer,
        platformPods.argocdRepoServer.peer,
      ].map((from): Route => ({ from, to: platformPods.argocdRedis.peer, ports: [Port.tcp(6379)] })),
    ],
  }),
  new Allowance({
    name: "platform-argocd-git",
    why: "The repository server fetches the GitOps repository.",
    routes: [
      {
        from: platformPods.argocdRepoServer.peer,
        to: Peer.urlHost(props.repository),
        ports: [Port.tcp(props.repository.port)],
      },
    ],
  }),
  new Allowance({
    name: "platform-argocd-ui",
    why: "Operators reach ArgoCD at its load-balancer address and through the gateway.",
    routes: [
      { from: outside, to: platformPods.argocdServer.peer, ports: [Port.tcp(8080)] },
      { from: platformPods.traefik.peer, to: platformPods.argocdServer.peer, ports: [Port.tcp(8080)] },
    ],
  }),
  new Allowance({
    name: "platform-metrics",
    why: "The metrics agent scrapes the platform's pods and the nodes.",
    routes: [
      { from: platformPods.scraper.peer, to: platformPods.coredns.peer, ports: [Port.tcp(9153)] },
      { from: platformPods.scraper.peer, to: platformPods.argocdController.peer, ports: [Port.tcp(8082)] },
      { from: platformPods.scraper.peer, to: platformPods.argocdServer.peer, ports: [Port.tcp(8083)] },
      { from: platformPods.scraper.peer, to: platformPods.argocdRepoServer.peer, ports: [Port.tcp(8084)] },
      {
        from: platformPods.scraper.peer,
        to: platformPods.argocdApplicationSet.peer,
        ports: [Port.tcp(8080)],
      },
      { from: platformPods.scraper.peer, to: platformPods.argocdNotifications.peer, ports: [Port.tcp(9001)] },
      // Cilium agent, operator, envoy and Hubble; node exporter; kubelet; etcd.
      {
        from: platformPods.scraper.peer,
        to: nodes,
        ports: [Port.tcp(9962, 9965), Port.tcp(9100), Port.tcp(10250), Port.tcp(ETCD_METRICS_PORT)],
      },
      { from: platformPods.scraper.peer, to: apiServer, ports: [API_SERVER] },
    ],
  }),
  new Allowance({
    name: "platform-gateway",
    why:
      "Traefik takes connections at its load-balancer address, with and without address translation, and " +
      "passes them to the pods that let it in.",
    routes: [
      {
        from: outside,
        to: platformPods.traefik.peer,
        ports: [Port.tcp(8000), Port.tcp(8443), Port.udp(8443)],
      },
      { from: platformPods.traefik.peer, to: apiServer, ports: [API_SERVER] },
    ],
  }),
  ...(props.backupEndpoint === undefined ? [] : [etcdBackupAllowance(props.backupEndpoint)]),
];

const etcdBackupAllowance = (url: HttpUrl): Allowance =>
  new Allowance({
    name: "platform-etcd-backup",
    why: "The etcd backup reads a snapshot from the Talos API and puts it into its bucket.",
    routes: [
      { from: platformPods.etcdBackup.peer, to: nodes, ports: [Port.tcp(etcdBackupAccess.talosApiPort)] },
      toBucket(url),
    ],
  });

const toBucket = (url: HttpUrl): Route => ({
  from: platformPods.etcdBackup.peer,
  to: Peer.urlHost(url),
  ports: [Port.tcp(url.port)],
});

/** The second copy goes to another place. */
export const etcdBackupCopyAllowance = (url: HttpUrl): Allowance =>
  new Allowance({
    name: "platform-etcd-backup-copy",
    why: "The second etcd backup puts its snapshots into a bucket at another place.",
    routes: [toBucket(url)],
  });
