/**
 * The shape of an environment: what one cluster is, as data.
 *
 * Single fields are decided in `fields.ts`; what must hold between fields, in `rules/`. Every field is used by a
 * construct, a check or a report: CI fails on one that nothing reads.
 */

import * as z from "zod";
import { POD_SECURITY_STANDARDS } from "../lib/core/kubernetes/pod-security.ts";
import { USUAL_NAMES } from "../lib/core/platform/names.ts";
import { isMeantAsIpv6, NO_IPV6 } from "../lib/core/values/ipv4-address.ts";
import { adoption, removed, waiver } from "./change.ts";
import { CONDITION_NAMES } from "./conditions.ts";
import { diskEncryption } from "./disk-encryption.ts";
import {
  ageRecipient,
  bucketNameField,
  cidr,
  cores,
  cronSchedule,
  date,
  diskPath,
  dnsLabel,
  exactVersion,
  hostname,
  httpUrl,
  imageDigest,
  interfaceName,
  ipv4,
  labelKey,
  labelValue,
  literalPattern,
  literalSentence,
  macAddress,
  memoryField,
  referenceField,
  region,
  sentence,
  subnet,
  tierName,
  vlanId,
} from "./fields.ts";
import { GITOPS_ENGINES } from "./gitops.ts";
import { POLICY_MODES } from "./policy-mode.ts";

/** An inclusive range of IPv4 addresses. */
const addressRange = z.strictObject({ start: ipv4, stop: ipv4 });

const vlan = z.strictObject({
  /** 802.1Q id, 1–4094; null for the uplink itself, on a network without tags. */
  id: vlanId.nullable(),
  /** The node's address with its prefix length, e.g. `192.168.111.162/24`. */
  address: cidr,
  /** Next hop of the default route. Exactly one VLAN of a node has one. */
  gateway: ipv4.optional(),
});

/** Figures of a machine that somebody has to have read. */
const figure = z.enum([
  "mac",
  "maintenanceAddress",
  "installDisk",
  "interface",
  "cpu",
  "memory",
  "reportedMemory",
]);

const witness = z.strictObject({
  figures: z.array(figure).min(1),
  /** The record that gives them: a file at a commit, a command, a label. */
  source: sentence,
  /** The day of the record. */
  on: date,
});

const node = z.strictObject({
  /** Host name in Talos and Kubernetes. */
  name: dnsLabel,
  role: z.enum(["controlplane", "worker"]),
  /** MAC address of the uplink; null when nobody has read it yet (needs an assumption). */
  mac: macAddress.nullable(),
  /** Address by DHCP while Talos waits for its configuration; null when unknown (needs an assumption). */
  maintenanceAddress: ipv4.nullable(),
  /** Block device that Talos installs to. */
  installDisk: diskPath,
  /**
   * Block device that the running system was installed to. Talos reads `installDisk` only when it installs, so where the
   * two differ nothing has moved yet, which is refused. @default - not installed yet, or nobody has looked
   */
  installedOn: diskPath.optional(),
  /** Name of the uplink that carries the VLANs. */
  interface: interfaceName,
  vlans: z.array(vlan).min(1),
  nameservers: z.array(ipv4).min(1),
  /** Name of an entry of `schematics`. */
  schematic: dnsLabel,
  /**
   * True when the machine boots with secure boot: then it gets the secure-boot installer of its schematic. `doctor`
   * compares it with what the machine says. @default false
   */
  secureBoot: z.boolean().optional(),
  /** CPU of the machine, in cores. */
  cpu: cores,
  /** Memory that is built in. */
  memory: memoryField,
  /**
   * Memory that Kubernetes reports as the node's capacity: what firmware and kernel leave.
   * @default - estimated: see `FIRMWARE_SHARE_OF_MEMORY`
   */
  reportedMemory: memoryField.optional(),
  /** Sources of the figures: each figure stands here or under `assumptions`. */
  witnesses: z.array(witness),
});

const schematic = z.strictObject({
  /** Official Image Factory extensions, e.g. `siderolabs/iscsi-tools`. */
  extensions: z.array(
    z.string().regex(/^siderolabs\/[a-z0-9-]+$/, "must be an official extension, siderolabs/<name>"),
  ),
});

const namespace = z.strictObject({
  name: dnsLabel,
  /** Pod Security Standard that the namespace enforces. */
  podSecurity: z.enum(POD_SECURITY_STANDARDS),
  /**
   * Named size of its LimitRange and of its ResourceQuota: see `lib/governance/sizes.ts`. A namespace with apps may
   * request what they need.
   */
  size: z.enum(["xxs", "xs", "s", "m", "l", "xl"]),
  /** Reviewed sets of flows for its pods: see `lib/network/profiles.ts`. */
  profiles: z.array(z.enum(["web", "internet", "monitored", "neighbours", "kubernetes-api"])).default([]),
});

/** A Traefik middleware as `namespace-name`, without the provider behind it. */
const middleware = dnsLabel;

const domain = hostname.optional();

/** A further way in, for names that apps have beside their host. */
const way = z.discriminatedUnion("kind", [
  z.strictObject({
    /** An Ingress of a class and entry points of its own, e.g. for the house alone. */
    kind: z.literal("ingress"),
    ingressClass: dnsLabel,
    /** Traefik's entry points. @default - `web` and `websecure` */
    entryPoints: z.array(dnsLabel).min(1).optional(),
    /** The domain of its names. @default - the one of every app */
    domain,
    /** The pods that serve it. @default - Traefik's, in `traefik` */
    pods: z.strictObject({ namespace: dnsLabel, labels: z.record(labelKey, labelValue) }).optional(),
  }),
  z.strictObject({
    /** A Gateway of the Gateway API, with its definitions; `listener` is the one that ends TLS. */
    kind: z.literal("gateway"),
    gateway: z.strictObject({ name: dnsLabel, namespace: dnsLabel, listener: dnsLabel.optional() }),
    /** Traefik's pods carry the traffic, or Cilium's proxy on the nodes, which needs `gatewayAPI` in its values. */
    class: z.enum(["traefik", "cilium"]),
    domain,
    pods: z.strictObject({ namespace: dnsLabel, labels: z.record(labelKey, labelValue) }).optional(),
    /** The app that brings the Gateway: one of `apps/`, or an Application of the GitOps repository. */
    driver: z.strictObject({ side: z.enum(["apps", "gitops"]), name: dnsLabel }),
  }),
]);

const edge = z.strictObject({
  /** Domain that every app's host lies in. */
  domain: hostname,
  ingressClass: dnsLabel,
  /** ClusterIssuer of cert-manager that signs the certificates of routes. */
  clusterIssuer: dnsLabel,
  /** Middlewares of every route, in this order. */
  middlewares: z.array(middleware),
  /** The middleware that asks who somebody is; an app leaves it out by name. */
  authentication: middleware,
  /** Ways in beside the Ingress class, by the names that apps give them. @default - none */
  ways: z.record(dnsLabel, way).optional(),
});

/** Seconds between two looks at the secret store. */
const resyncSeconds = z.int().min(10).max(86_400);

/** A storage class that claims may have. */
const storageClass = z.strictObject({
  name: dnsLabel,
  /** The app that brings the driver: one of `apps/`, or an Application of the GitOps repository. */
  driver: z.strictObject({ side: z.enum(["apps", "gitops"]), name: dnsLabel }),
  /** System extension that a node needs for its claims, e.g. `siderolabs/iscsi-tools`. @default - none */
  extension: z.string().optional(),
  /**
   * True when its volumes are directories of a node (hostPath), which Velero skips with a warning: then a claim of it is
   * not backed up, and must say why it need not be. Source: https://velero.io/docs/v1.18/file-system-backup
   * @default false
   */
  onNode: z.boolean().optional(),
  /** True when pods of several nodes may mount a volume at once: of a file server, and of no disk. @default false */
  manyNodes: z.boolean().optional(),
});

/** The source that external-secrets reads: but for `existing`, the ClusterSecretStore is made here. */
const secretProvider = z.discriminatedUnion("kind", [
  z.strictObject({
    /** Somebody else makes the store. A path of an app is a `folder` of secrets there, or one secret with `fields`. */
    kind: z.literal("existing"),
    reads: z.enum(["folder", "fields"]),
  }),
  z.strictObject({
    /** HashiCorp Vault or OpenBao, a KV engine of version 2. The operator logs in with its own ServiceAccount. */
    kind: z.literal("vault"),
    server: httpUrl,
    /** Path that the engine is mounted at, e.g. `secret`. */
    mount: dnsLabel,
    /** Role of the auth method `kubernetes`. */
    role: dnsLabel,
  }),
  z.strictObject({
    /** The provider `fake` of external-secrets: values that may stand in a repository, for laboratories. */
    kind: z.literal("fake"),
    /** Fields of each secret, by its path, e.g. `/apps/tools/wiki`. */
    secrets: z.record(
      z.string().regex(/^\/[\w./-]+$/, "must be a path, e.g. /apps/tools/wiki"),
      z.record(z.string(), z.string()),
    ),
  }),
]);

/** The store that keeps apps' secrets: the values never pass through Terraform. */
const secretStore = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("infisical"),
    server: httpUrl,
    /** Slug of the project. */
    project: dnsLabel,
    /** Slug of the environment. */
    environment: dnsLabel,
    resyncSeconds,
  }),
  z.strictObject({
    kind: z.literal("external-secrets"),
    /** Name of the ClusterSecretStore. */
    clusterSecretStore: dnsLabel,
    /** The source behind the store. */
    provider: secretProvider.default({ kind: "existing", reads: "folder" }),
    resyncSeconds,
  }),
]);

const bucketState = z.strictObject({
  kind: z.literal("s3"),
  bucket: bucketNameField,
  region,
  endpoint: httpUrl,
  /** `environment` reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; inline needs the risk `backend-credentials`. */
  credentials: z.union(
    [
      z.literal("environment"),
      z.strictObject({ accessKey: z.string().min(1), secretKey: z.string().min(1) }),
    ],
    'must be "environment", or an accessKey and a secretKey',
  ),
});

/** The place where Terraform keeps its states: outside of a bucket each kind needs the risk `state-<kind>`. */
const stateBackend = z.discriminatedUnion("kind", [
  bucketState,
  z.strictObject({
    kind: z.literal("local"),
    /** Directory of the states, from the working directory of the deploy. */
    directory: z.string().regex(/^[\w./-]+$/, "must be a directory, e.g. ./state"),
  }),
  z.strictObject({
    /** Secrets of a cluster, by the current context of KUBE_CONFIG_PATH: another than the one that is described. */
    kind: z.literal("kubernetes"),
    namespace: dnsLabel,
  }),
]);

const days = z.int().min(1).max(3650);

const backup = z.strictObject({
  bucket: bucketNameField,
  region,
  /** S3 endpoint of a MinIO server; null for AWS itself. */
  endpoint: httpUrl.nullable(),
  /** Key prefix of the etcd snapshots; each tier has a part of it. */
  prefix: dnsLabel,
  /** The schedules of snapshots, each with how long its snapshots are kept. */
  tiers: z
    .array(
      z.strictObject({
        /** Last part of the prefix and of the CronJob's name, e.g. `daily`. */
        name: tierName,
        schedule: cronSchedule,
        /** Days for which a snapshot stays readable. */
        keepDays: days,
      }),
    )
    .min(1),
  /** Days for which an overwritten, deleted or expired snapshot or volume backup can still be recovered. */
  noncurrentDays: days,
  /** The lock under which nobody can delete a snapshot; null for none. Only a new bucket can have it. */
  lock: z.strictObject({ mode: z.enum(["compliance", "governance"]), days }).nullable(),
  /** Another place, which gets snapshots of its own with credentials of its own; null while there is none. */
  copy: z.strictObject({ bucket: bucketNameField, region, endpoint: httpUrl.nullable() }).nullable(),
  /** The bucket in which Velero keeps the backups of volumes; null where volumes are not backed up. */
  volumes: z.strictObject({ bucket: bucketNameField, region, endpoint: httpUrl.nullable() }).nullable(),
  /** age X25519 recipients; null while nobody has made the key: then Terraform asks for `age_recipient`. */
  ageRecipients: z.array(ageRecipient).min(1).nullable(),
  /** talos-backup by digest. */
  image: imageDigest,
});

const acceptedRisk = z.strictObject({
  /** The id that the finding names. */
  id: z.string().regex(/^[a-z0-9.-]+$/, "must be a risk id: lower case, digits, dots and dashes"),
  reason: sentence,
  /** The condition that makes it acceptable: the acceptance ends with it. */
  holdsWhile: z.enum(CONDITION_NAMES).optional(),
  acceptedBy: z.string().min(2),
  on: date,
  /** Last day on which the acceptance counts. */
  reviewBy: date,
});

const assumption = z.strictObject({
  /** Path of the assumed field, e.g. `nodes.peach.mac`. */
  path: z.string().min(1),
  why: sentence,
  /** The way to find out. */
  verify: sentence,
});

const networkPeer = z.union(
  [
    z.strictObject({
      namespace: dnsLabel,
      labels: z
        .record(labelKey, labelValue)
        .refine(
          (labels) => Object.keys(labels).length > 0,
          "must have a label; leave labels out for every pod",
        )
        .optional(),
    }),
    z.strictObject({ entity: z.enum(["host", "remote-node", "kube-apiserver", "world"]) }),
    z.strictObject({ cidr: subnet }),
    z.strictObject({ fqdn: hostname }),
  ],
  "must be a namespace, maybe with labels, or else one entity, cidr or fqdn",
);

const port = z.int().min(1).max(65535);

const networkException = z.strictObject({
  name: dnsLabel,
  reason: literalSentence,
  /** Last day on which the exception counts. */
  reviewBy: date,
  from: networkPeer,
  to: networkPeer,
  ports: z.array(z.strictObject({ protocol: z.enum(["TCP", "UDP"]), port, endPort: port.optional() })).min(1),
});

export const environmentShape = z.strictObject({
  name: dnsLabel,
  /**
   * True when others rely on the environment: then a person confirms each change of it by its name or approves it,
   * nothing is deployed with `--yes`, default deny must be enforced and ArgoCD must speak TLS.
   */
  production: z.boolean().default(false),
  /**
   * Names of what is made in the cluster: `prefix` begins those of priority classes, address pools, dashboards and the
   * root application; `manager` owns fields that are applied, and begins labels of claims. Both stay once they run.
   * `sizing` is the domain of labels that admission policies of the GitOps side read; none where there are none.
   * @default { prefix: "homelab", manager: "homelab" }
   */
  names: z
    .strictObject({ prefix: dnsLabel, manager: dnsLabel, sizing: hostname.optional() })
    .default({ ...USUAL_NAMES }),
  cluster: z.strictObject({
    name: dnsLabel,
    /** Virtual IP of the Kubernetes API, held by one control plane. */
    vip: ipv4,
    /** Subnet of node addresses and of the virtual IP. */
    subnet,
    podSubnet: subnet,
    serviceSubnet: subnet,
    /** `converged`: control planes run workloads; `dedicated`: they are tainted. */
    controlPlane: z.enum(["converged", "dedicated"]),
    /** The control plane that bootstraps etcd. */
    bootstrapNode: dnsLabel,
  }),
  versions: z.strictObject({
    talos: exactVersion("v"),
    kubernetes: exactVersion("v"),
    /** Chart and application share their version. */
    cilium: exactVersion(""),
    argocdChart: exactVersion(""),
  }),
  /**
   * The time servers that machines ask before anything else: addresses or names, the first that answers. After a
   * power cut a machine must not depend on the internet for it.
   * @default - each node's own gateway
   */
  timeServers: z
    .array(
      z.union([ipv4, hostname], {
        error: ({ input }) =>
          isMeantAsIpv6(String(input)) ? NO_IPV6 : "must be an IPv4 address or a host name",
      }),
    )
    .min(1)
    .optional(),
  /**
   * The longest that a machine waits for the time when it boots; then it starts with the clock that it has. Talos
   * itself would wait for ever:
   * https://docs.siderolabs.com/talos/v1.12/reference/configuration/v1alpha1/config#machine-time
   * @default "2m"
   */
  bootTimeout: z
    .string()
    .regex(/^[1-9]\d*(s|m)$/, "must be seconds or minutes, e.g. 90s or 2m")
    .optional(),
  schematics: z.record(dnsLabel, schematic),
  /**
   * Encryption of the system disk of every machine. It takes a volume that is empty: a machine that runs already is wiped
   * for it, one at a time. A node without `secureBoot` needs the risk `disk-encryption-without-secure-boot-<node>`.
   * @default - nothing is encrypted
   */
  diskEncryption: diskEncryption.optional(),
  nodes: z.array(node).min(1),
  loadBalancer: z.strictObject({
    /** VLAN whose subnet holds the addresses; null for the network without tags. */
    vlan: vlanId.nullable(),
    /** Addresses that a Service asks for by annotation. */
    static: addressRange,
    /** Addresses that LB IPAM hands out. */
    automatic: addressRange,
    /** Regular expressions (Go syntax) of the interfaces that announce addresses. */
    interfaces: z.array(literalPattern).min(1),
  }),
  networkPolicy: z.strictObject({
    mode: z.enum(POLICY_MODES),
    /**
     * The nodes themselves under policy, by Cilium's host firewall. Cilium audits all policies or none: `audit` needs
     * the pods' mode to be `audit`, and `enforce` that it is not.
     */
    nodes: z
      .union(
        [
          z.literal("off"),
          z.strictObject({
            mode: z.enum(["audit", "enforce"]),
            /** The networks that operators and CI work from: they reach the Talos and Kubernetes APIs. */
            managementCidrs: z.array(subnet).min(1),
          }),
        ],
        'must be "off", or a mode and managementCidrs',
      )
      .default("off"),
    /** Flows beside the standard, each with a reason and a review date; every report lists them. */
    exceptions: z.array(networkException).default([]),
  }),
  argocd: z.strictObject({
    address: ipv4,
    hostname,
    /** Serve plain HTTP instead of TLS. In production: needs the risk `argocd-plain-http`. */
    plainHttp: z.boolean(),
    /** True to switch login off altogether. Needs the risk `argocd-auth-disabled`. */
    authDisabled: z.boolean(),
    /** Visitors without an account may read. Needs the risk `argocd-anonymous`. */
    anonymous: z.boolean(),
    /** The local admin account: off, or with a bcrypt hash from a sensitive variable. */
    admin: z.enum(["disabled", "password-hash"]),
    /**
     * The time, in UTC, at which the admin password was last changed. ArgoCD ends logins that were issued before it:
     * set it together with a new `TF_VAR_argocd_admin_password_hash`.
     * @default "2026-01-01T00:00:00Z"
     */
    adminPasswordChangedAt: z.iso.datetime("must be a time in UTC, e.g. 2026-11-28T08:00:00Z").optional(),
  }),
  /** The repository whose objects run beside the apps of `apps/`, which ArgoCD deploys in any case. */
  gitops: z.strictObject({
    /**
     * The engine that syncs it: ArgoCD by one root application; Flux, which an app brings (chart `flux2`), by a GitRepository and a
     * Kustomization; or nobody.
     */
    engine: z.enum(GITOPS_ENGINES).default("argocd"),
    repository: httpUrl,
    /** Branch or tag, for Flux a branch or commit; `none` is the same as the engine `none`. */
    revision: referenceField,
    /** Undoes changes that somebody makes in the cluster. Flux always does. */
    selfHeal: z.boolean(),
    /** Directory that is synced. @default - `argocd/overlays/<name>`, with Flux `clusters/<name>` */
    path: z
      .string()
      .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, "must be a directory of the repository, e.g. clusters/home")
      .optional(),
  }),
  namespaces: z.array(namespace),
  /** Storage classes that claims of apps may have here. */
  storageClasses: z.array(storageClass),
  /**
   * Memory that all pods of the living cluster requested on a day, those of the GitOps side included: the capacity
   * check says how it fits. Needs the risk `capacity-node-lost` where it does not.
   * @default - nobody has counted it
   */
  measuredRequests: z.strictObject({ memory: memoryField, source: sentence, on: date }).optional(),
  edge,
  secretStore,
  /** The places where etcd and volumes are backed up; null for nowhere, which needs the risk `backup-none`. */
  backup: backup.nullable(),
  state: stateBackend,
  /**
   * The server outside of the cluster that keeps state and backups, where endpoints name it: runbooks use its address,
   * as on the worst night nobody answers names.
   * @default - endpoints are addresses, or runbooks warn that their names must be answered
   */
  nas: z.strictObject({ host: hostname, address: ipv4 }).optional(),
  acceptedRisks: z.array(acceptedRisk),
  /** Findings that the guard lets through, each for a while. */
  waivers: z.array(waiver).optional(),
  /**
   * Policies of the GitOps side that rewrite pods or make objects here, by name: pods are proved as these leave them.
   * Each must be recorded (`homelab admission-facts`), and each that is recorded must be named.
   * @default - none
   */
  admission: z.array(dnsLabel).default([]),
  /** Objects that Terraform forgets without destroying them, until the deploy that did so. */
  removed: z.array(removed).optional(),
  /** The settings that a living cluster keeps for now, while it is taken over. */
  adoption: adoption.optional(),
  assumptions: z.array(assumption),
});

/** Fields of a node that need a witness. */
export const FIGURES = figure.options;

/** Data that the shape lets pass, before the rules between fields are checked. */
export type EnvironmentShape = z.output<typeof environmentShape>;
/** The data that a file under `environments/` holds. */
export type EnvironmentInput = z.input<typeof environmentShape>;
