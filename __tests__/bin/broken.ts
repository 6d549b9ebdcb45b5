/** Environments and apps that nobody should get a stack trace for, each with what the program must say. */
import type { EnvironmentInput } from "../../environments/schema.ts";
import { app, egressTo, exposedBy, loadBalancer, Port, scrapedBy, uses } from "../../lib/app/index.ts";
import { metrics } from "../../lib/app/link-ends.ts";

/** dev, with its types left behind. */
// biome-ignore lint/suspicious/noExplicitAny: what is broken has no type
type Loose = any;

export interface Broken {
  readonly name: string;
  readonly environment?: (dev: Loose) => unknown;
  readonly apps?: (apps: readonly Loose[]) => readonly unknown[];
  /** Part of what is said. */
  readonly says: string;
}

const environments: readonly [string, (dev: Loose) => unknown, string][] = [
  [
    "a cron of hour 25",
    (dev) => set(dev.backup.tiers[0], { schedule: "0 25 * * *" }),
    "backup.tiers.frequent.schedule: must be a cron",
  ],
  [
    "a cron that never comes",
    (dev) => set(dev.backup.tiers[1], { schedule: "0 0 30 2 *" }),
    "dev.backup.tiers.daily.schedule",
  ],
  [
    "a node without VLANs",
    (dev) => set(dev.nodes[0], { vlans: undefined }),
    "dev.nodes.daphne.vlans: must be a list: got nothing",
  ],
  ["an empty list of VLANs", (dev) => set(dev.nodes[0], { vlans: [] }), "dev.nodes.daphne.vlans"],
  [
    "VLANs that are null",
    (dev) => set(dev.nodes[1], { vlans: [null, undefined] }),
    "dev.nodes.diva.vlans[0]: must be an object: got null",
  ],
  [
    "an IPv6 node address",
    (dev) => set(dev.nodes[0].vlans[0], { address: "fd00::162/64" }),
    'dev.nodes.daphne.vlans.111.address: must be IPv4: IPv6 and dual stack are not supported, though Talos and Cilium know both: got "fd00::162/64"',
  ],
  [
    "an IPv6 virtual IP",
    (dev) => set(dev.cluster, { vip: "::1" }),
    'dev.cluster.vip: must be IPv4: IPv6 and dual stack are not supported, though Talos and Cilium know both: got "::1"',
  ],
  [
    "a VLAN id that is none",
    (dev) => set(dev.nodes[0].vlans[0], { id: 0.5 }),
    "dev.nodes.daphne.vlans[0].id: must be a whole number: got 0.5",
  ],
  ["no backup", (dev) => set(dev, { backup: undefined }), "dev.backup: must be an object: got nothing"],
  ["no tiers", (dev) => set(dev.backup, { tiers: [] }), "dev.backup.tiers: must have at least 1 element"],
  [
    "nodes that are an object",
    (dev) => set(dev, { nodes: { daphne: dev.nodes[0] } }),
    "dev.nodes: must be a list: got an object",
  ],
  [
    "nodes in nested lists",
    (dev) => set(dev, { nodes: [[dev.nodes]] }),
    "dev.nodes[0]: must be an object: got a list of 1",
  ],
  [
    "NaN for days",
    (dev) => set(dev.backup, { noncurrentDays: Number.NaN }),
    "dev.backup.noncurrentDays: must be a number: got NaN",
  ],
  [
    "a function for a name",
    (dev) => set(dev, { name: () => "dev" }),
    "environments[0].name: must be text: got a function",
  ],
  ["a name of no characters", (dev) => set(dev, { name: "" }), "name: must be a DNS label"],
  [
    "two nodes of one name",
    (dev) => set(dev.nodes[1], { name: "daphne" }),
    "must be the only node of that name",
  ],
  [
    "a getter that throws",
    (dev) => Object.defineProperty(dev, "cluster", { enumerable: true, get: () => boom() }),
    "dev.cluster: must be an object: got nothing",
  ],
  [
    "an element that throws",
    (dev) => set(dev, { nodes: new Proxy(dev.nodes, { get: () => boom() }) }),
    "dev.nodes: must be a list",
  ],
  [
    "a key called __proto__",
    (dev) => JSON.parse(JSON.stringify(dev).replace('{"name"', '{"__proto__":{"x":1},"name"')),
    "must not be there: it is not a field of an environment",
  ],
  [
    "a schematic called after a method",
    (dev) => set(dev.nodes[0], { schematic: "constructor" }),
    "dev.nodes.daphne.schematic: must name an entry of schematics: virtual",
  ],
  [
    "a misspelt field",
    (dev) => set(dev.versions, { cillium: "1.18.3" }),
    "dev.versions.cillium: must not be there: it is not a field of an environment; did you mean cilium?",
  ],
  [
    "a text of ten million characters",
    (dev) => set(dev.cluster, { name: "x".repeat(10_000_000) }),
    "dev.cluster.name: must be a DNS label",
  ],
  ["ten thousand nodes of nothing", (dev) => set(dev, { nodes: new Array(10_000).fill({}) }), "all "],
  ["what holds itself", (dev) => set(dev, { edge: dev }), "dev.edge.domain"],
  ["null", () => null, "environments[0]: must be an object: got null"],
  ["a list", () => [], "environments[0]: must be an object: got a list of 0"],
  [
    "memory that is a number",
    (dev) => set(dev.nodes[0], { memory: 8 }),
    "dev.nodes.daphne.memory: must be text: got 8",
  ],
  [
    "a reversed range",
    (dev) => set(dev.loadBalancer, { static: { start: "192.168.208.79", stop: "192.168.208.70" } }),
    "dev.loadBalancer.static: must not stop before it starts",
  ],
];

const fields = {
  image: "example/web:v1.0.0",
  port: 8080,
  environments: ["dev"],
  size: "xs",
  network: [egressTo("a.example.org")],
};
const web = (changes: object): unknown => app("web", { ...fields, ...changes } as never);
const alone = (changes: object) => (apps: readonly Loose[]) => [...apps, web(changes)];

const apps: readonly [string, (apps: readonly Loose[]) => readonly unknown[], string][] = [
  ["undefined in the list", (all) => [undefined, ...all], "apps[0]: must be an app that app() made"],
  ["an app of another making", (all) => [...all, { name: "web" }], "must be an app that app() made"],
  [
    "one that uses undefined",
    alone({ network: [uses(undefined as never)] }),
    "apps.web.network[0].app: must be an app that app() made; files under apps/ that import each other leave one of them undefined: say its name in quotes there: got nothing",
  ],
  [
    "one that depends on undefined",
    alone({ dependsOn: [undefined] }),
    "apps.web.dependsOn[0]: must be an app",
  ],
  [
    "1.5 replicas",
    alone({ replicas: 1.5 }),
    "apps.web.replicas: must be a whole number of at least 1; hibernate is for 0: got 1.5",
  ],
  [
    "replicas in one environment",
    alone({ override: { dev: { replicas: "2" } } }),
    'apps.web.override.dev.replicas: must be a number: got "2"',
  ],
  ["a port in quotes", alone({ port: "80-90" }), 'apps.web.port: must be 1–65535, or none: got "80-90"'],
  [
    "a port of a flow in quotes",
    alone({ network: [egressTo("a.example.org", Port.tcp("80-90" as never))] }),
    'apps.web.network[0].ports[0]: must be a port, 1–65535, or a range of them that is not reversed: got "TCP 80-90"',
  ],
  [
    "a reversed range of ports",
    alone({ network: [exposedBy(loadBalancer({ dev: "192.168.208.79" }), Port.udp(90, 80))] }),
    'apps.web.network[0].ports[0]: must be a port, 1–65535, or a range of them that is not reversed: got "UDP 90–80"',
  ],
  ["a port that is scraped", alone({ network: [scrapedBy(metrics, 0)] }), "apps.web.network[0].ports[0]"],
  [
    "a misspelt field",
    alone({ replica: 2 }),
    "apps.web.replica: must not be there: it is not a field of an app; did you mean replicas?",
  ],
  [
    "an unknown size",
    alone({ size: "constructor" }),
    'apps.web.size: must be "xs" or "s" or "m" or "l" or "xl": got "constructor"',
  ],
  [
    "an unknown environment",
    alone({ environments: ["staging"] }),
    'apps.web.environments[0]: must be of an environment, dev: got "staging"',
  ],
  [
    "a misspelt environment",
    alone({ override: { devv: { size: "s" } } }),
    'apps.web.override.devv: must be of an environment, dev; did you mean dev?: got "devv"',
  ],
  [
    "a misspelt environment of a load balancer",
    alone({ network: [exposedBy(loadBalancer({ devv: "192.168.208.79" }), Port.udp(53))] }),
    'apps.web.network.exposedBy(loadBalancer).devv: must be of an environment, dev; did you mean dev?: got "devv"',
  ],
  [
    "a misspelt environment of a load balancer that an override brings",
    alone({
      override: { dev: { network: [exposedBy(loadBalancer({ de: "192.168.208.79" }), Port.udp(53))] } },
    }),
    'apps.web.override.dev.network.exposedBy(loadBalancer).de: must be of an environment, dev; did you mean dev?: got "de"',
  ],
  [
    "a misspelt environment of a host",
    alone({ environments: undefined, host: { devs: "web.dev.truxonline.com" } }),
    'apps.web.host.devs: must be of an environment, dev; did you mean dev?: got "devs"',
  ],
  [
    "a misspelt environment of a node",
    alone({ privileges: { why: "has the radio's stick", node: { devx: "daisy" } } }),
    'apps.web.privileges.node.devx: must be of an environment, dev; did you mean dev?: got "devx"',
  ],
  [
    "a flag of an unknown environment",
    alone({ flags: { dark: { parameter: "dark", dev: true, test: true } } }),
    'apps.web.flags.dark.test: must be of an environment, dev: got "test"',
  ],
  [
    "a function within values",
    alone({ values: { a: [() => 1] } }),
    "apps.web.values.a[0]: must be text, a number, true, false, null, a list or an object: got a function",
  ],
  ["values that hold themselves", alone({ values: cyclic() }), "apps.web.values"],
  [
    "values that throw",
    alone({ values: () => boom() }),
    'apps.web.values: must be given for dev without an error: got "boom"',
  ],
  [
    "values that are none",
    alone({ values: () => 7 }),
    "apps.web.values: must be given for dev without an error",
  ],
  [
    "two sources",
    alone({ git: { repository: "https://a.example.org/x", path: "x", revision: "v1", workloads: [] } }),
    "apps.web: must have one of image, chart, git",
  ],
  ["no source", alone({ image: undefined }), "apps.web: must have one of image, chart, git: got []"],
  ["a list for an environment variable", alone({ env: { A: ["x"] } }), "apps.web.env.A: must be text"],
  [
    "null for storage",
    alone({ storage: { data: null } }),
    "apps.web.storage.data: must be an object: got null",
  ],
  [
    "a field that throws",
    (all) => [
      ...all,
      app("web", Object.defineProperty({}, "image", { enumerable: true, get: () => boom() }) as never),
    ],
    'apps.web: must be data that can be read: got "boom"',
  ],
];

export const BROKEN: readonly Broken[] = [
  ...environments.map(([name, environment, says]) => ({ name: `environment: ${name}`, environment, says })),
  ...apps.map(([name, change, says]) => ({ name: `app: ${name}`, apps: change, says })),
  {
    name: "an environment and an app at once",
    environment: (dev: Loose) => set(dev.cluster, { vip: "x" }),
    apps: alone({ replicas: 1.5 }),
    says: "dev.cluster.vip",
  },
];

function set(target: Loose, changes: object): undefined {
  Object.assign(target, changes);
}

function boom(): never {
  throw new Error("boom");
}

function cyclic(): object {
  const values: Record<string, unknown> = {};
  values.self = values;
  return values;
}

/** The environment that a case leaves. @public read by the entry that the test writes. */
export const brokenInput = ({ environment }: Broken, dev: EnvironmentInput): unknown => {
  const copy = structuredClone(dev);
  const made = environment?.(copy);
  return made === undefined ? copy : made;
};
