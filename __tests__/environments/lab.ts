/** A small valid environment, and the ways tests change it. */
import { EnvironmentError, type EnvironmentInput, parseEnvironment } from "../../environments/schema.ts";

export const TODAY = "2026-11-01";

/** Accepted risks of the lab, whose versions get no fixes any more: the tests of its other parts look past that. */
export const LAB_RISKS: EnvironmentInput["acceptedRisks"] = [
  "support-talos-1.12",
  "support-kubernetes-1.33",
  "advisory-cve-2026-33726",
  "advisory-cve-2025-55190",
  "advisory-cve-2025-47933",
  "advisory-ghsa-h98r-wv3h-fr38",
].map((id) => ({
  id,
  reason: "It is a laboratory.",
  acceptedBy: "lab owner",
  on: "2026-10-31",
  reviewBy: "2099-12-31",
}));

/** Lines without those on the age of versions, for tests that change a version. */
export const besideAge = (lines: readonly string[]): string[] =>
  lines.filter(
    (line) =>
      !/must still get fixes|acceptedRisks\.support-|acceptedRisks\.advisory-|must not have (CVE|GHSA)/.test(
        line,
      ),
  );

const node = (
  name: string,
  role: "controlplane" | "worker",
  host: number,
): EnvironmentInput["nodes"][number] => ({
  name,
  role,
  mac: `02:00:00:00:00:${host}`,
  maintenanceAddress: `192.168.0.${host}`,
  installDisk: "/dev/sda",
  interface: "eth0",
  vlans: [
    { id: 10, address: `10.1.10.${host}/24` },
    { id: 20, address: `10.1.20.${host}/24`, gateway: "10.1.20.1" },
  ],
  nameservers: ["10.1.20.2", "10.1.20.1"],
  schematic: "plain",
  cpu: "4",
  memory: "8Gi",
  witnesses: [
    {
      figures: ["mac", "maintenanceAddress", "installDisk", "interface", "cpu", "memory"],
      source: "the label on the machine",
      on: "2026-01-01",
    },
  ],
});

/** Three control planes and a worker; nothing assumed, no risk accepted but the age of what runs. */
export const lab = (): EnvironmentInput => ({
  name: "lab",
  cluster: {
    name: "lab-cluster",
    vip: "10.1.10.5",
    subnet: "10.1.10.0/24",
    podSubnet: "10.244.0.0/16",
    serviceSubnet: "10.96.0.0/12",
    controlPlane: "converged",
    bootstrapNode: "ada",
  },
  versions: { talos: "v1.12.4", kubernetes: "v1.33.2", cilium: "1.18.3", argocdChart: "7.7.7" },
  schematics: { plain: { extensions: ["siderolabs/iscsi-tools"] } },
  nodes: [
    node("ada", "controlplane", 11),
    node("bea", "controlplane", 12),
    node("cleo", "controlplane", 13),
    node("dora", "worker", 14),
  ],
  loadBalancer: {
    vlan: 20,
    static: { start: "10.1.20.70", stop: "10.1.20.79" },
    automatic: { start: "10.1.20.80", stop: "10.1.20.89" },
    interfaces: ["^eth.*\\.20$"],
  },
  networkPolicy: { mode: "enforce" },
  argocd: {
    address: "10.1.20.71",
    hostname: "argocd.lab.example.org",
    plainHttp: false,
    authDisabled: false,
    anonymous: false,
    admin: "password-hash",
  },
  gitops: {
    repository: "https://git.example.org/lab.git",
    revision: "main",
    selfHeal: true,
  },
  namespaces: [
    { name: "media", podSecurity: "privileged", size: "s" },
    { name: "tools", podSecurity: "baseline", size: "xs" },
  ],
  storageClasses: [
    {
      name: "synelia-iscsi-retain",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-delete",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-xfs-retain",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    {
      name: "synelia-iscsi-xfs-delete",
      driver: { side: "gitops", name: "synology-csi" },
      extension: "siderolabs/iscsi-tools",
    },
    { name: "local-path-retain", driver: { side: "gitops", name: "local-path-provisioner" }, onNode: true },
    { name: "local-path-delete", driver: { side: "gitops", name: "local-path-provisioner" }, onNode: true },
  ],
  edge: {
    domain: "lab.example.org",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt",
    middlewares: ["traefik-redirect-https"],
    authentication: "auth-forward-auth",
  },
  secretStore: { kind: "external-secrets", clusterSecretStore: "vault", resyncSeconds: 60 },
  backup: {
    bucket: "lab-backup",
    region: "us-east-1",
    endpoint: "http://minio.example.org:9000",
    prefix: "etcd",
    tiers: [
      { name: "daily", schedule: "17 2 * * *", keepDays: 30 },
      { name: "weekly", schedule: "47 2 * * 0", keepDays: 90 },
    ],
    noncurrentDays: 30,
    lock: { mode: "compliance", days: 14 },
    copy: { bucket: "lab-copy", region: "us-east-1", endpoint: "https://s3.example.net" },
    volumes: { bucket: "lab-volumes", region: "us-east-1", endpoint: "http://minio.example.org:9000" },
    ageRecipients: [`age1${"q".repeat(58)}`],
    image: `ghcr.io/siderolabs/talos-backup:v0.1.0@sha256:${"0".repeat(64)}`,
  },
  state: {
    kind: "s3",
    bucket: "lab-state",
    region: "us-east-1",
    endpoint: "http://minio.example.org:9000",
    credentials: "environment",
  },
  acceptedRisks: [...LAB_RISKS],
  assumptions: [],
});

/** Values by dotted path with positions, e.g. `nodes.0.mac`; undefined takes the field away. */
export type Changes = Readonly<Record<string, unknown>>;

export const changed = <T>(input: T, changes: Changes): T => {
  const copy = structuredClone(input);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce(
      (at, key) => at[key] as Record<string, unknown>,
      copy as Record<string, unknown>,
    );
    if (value === undefined) delete parent[last];
    else parent[last] = typeof value === "object" ? structuredClone(value) : value;
  }
  return copy;
};

/** The lines of the error that `run` throws, without its head; none when it throws nothing. */
export const linesOf = (run: () => unknown): string[] => {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const [head, ...lines] = error.message.split("\n");
    const count = `${lines.length} ${lines.length === 1 ? "problem" : "problems"}`;
    if (head !== `environment data refused, ${count}:`) throw new Error(`unexpected head: ${head}`);
    return lines;
  }
};

/** All problems of the lab with changes, as lines. */
export const problems = (changes: Changes, base?: EnvironmentInput): string[] => {
  const risks = Array.isArray(changes.acceptedRisks) && !base && [...LAB_RISKS, ...changes.acceptedRisks];
  const all = risks ? { ...changes, acceptedRisks: risks } : changes;
  return linesOf(() => parseEnvironment(changed(base ?? lab(), all), { today: TODAY }));
};

/** One row of a table of refusals: what is changed, and every line that comes of it. */
export type Refusal = readonly [name: string, changes: Changes, lines: readonly string[]];
