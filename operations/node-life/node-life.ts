/**
 * Nodes that come, go, are replaced or get another name: the steps for one environment, or why not.
 *
 * The environment's own rules, and a synthesis of what would be left, decide whether it holds without, or with, the node.
 */
import type { Environment, Node } from "../../environments/schema.ts";
import { changed } from "./after.ts";
import { NodeLifeCluster } from "./cluster.ts";
import { disk } from "./disk.ts";
import { joinSteps } from "./join.ts";
import { healthSteps, leaveSteps } from "./leave.ts";
import type { NodeLifeRequest, Plan, Prove, Verb } from "./request.ts";
import { editStep, type NodeLifePlan, type Step } from "./step.ts";

export const nodeLife = (
  environment: Environment,
  request: NodeLifeRequest,
  prove: Prove = () => [],
): NodeLifePlan => {
  const { verb, names } = request;
  const title = `${verb} ${names.join(" ")} in ${environment.name}`;
  const refusals = [
    ...namingRefusals(environment, request),
    ...diskRefusals(request),
    ...(request.data === undefined ? roleRefusals(environment, request) : []),
  ];
  if (refusals.length > 0) return { title, steps: [], refusals };
  const { problems, steps } = PLANS[verb](environment, request, prove);
  return problems.length > 0 ? { title, steps: [], refusals: problems } : { title, steps, refusals: [] };
};

const namesOf = ({ nodes }: Environment): string[] => nodes.map(({ name }) => name);

const controlPlaneNames = ({ nodes }: Environment): string[] =>
  nodes.filter(({ role }) => role === "controlplane").map(({ name }) => name);

const namingRefusals = (
  environment: Environment,
  { verb, names, isDead = false }: NodeLifeRequest,
): string[] => {
  const known = namesOf(environment);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const isOne = verb === "replace" || verb === "disk";
  const expected = verb === "rename" ? 2 : isOne ? 1 : undefined;
  if (names.length === 0 || (expected !== undefined && names.length !== expected)) {
    const what = verb === "rename" ? "an old and a new name" : isOne ? "one node" : "a node";
    return [`must name ${what}: got ${names.join(" ") || "none"}`];
  }
  if (repeated.length > 0) return [`must name each node once: got ${repeated.join(", ")}`];
  const there = verb === "add" ? [] : verb === "rename" ? names.slice(0, 1) : names;
  const [, newName] = names;
  return [
    ...(verb === "rename" && isDead
      ? ["a machine that does not answer cannot be renamed: replace or remove it"]
      : []),
    ...(verb === "add" && isDead ? ["a machine that does not answer cannot be added"] : []),
    ...there
      .filter((name) => !known.includes(name))
      .map((name) => `must be a node of ${environment.name}, ${known.join(", ")}: got ${name}`),
    ...(verb === "rename" && newName !== undefined && known.includes(newName)
      ? [`the new name must be free: got ${newName}`]
      : []),
  ];
};

const diskRefusals = ({ verb, to, data }: NodeLifeRequest): string[] => {
  if (verb !== "disk" && (to !== undefined || data !== undefined))
    return [`--to and --data belong to the verb disk: got ${verb}`];
  return to !== undefined && data !== undefined
    ? ["must say --to, of the install disk, or --data, of another one: got both"]
    : [];
};

/** Refuses to let nodes go that must stay, or too many at once. */
const roleRefusals = (environment: Environment, request: NodeLifeRequest): string[] => {
  const { verb, isDead = false } = request;
  if (verb === "add") return addRefusals(environment, request);
  const controlPlanes = controlPlaneNames(environment);
  const names = verb === "rename" ? request.names.slice(0, 1) : request.names;
  const leaving = names.filter((name) => controlPlanes.includes(name));
  const { bootstrapNode } = environment.cluster;
  const others = controlPlanes.filter((name) => name !== bootstrapNode);
  const left = controlPlanes.length - leaving.length;
  if (leaving.length === 0) return [];
  return [
    ...(leaving.includes(bootstrapNode)
      ? [
          `${bootstrapNode} is the bootstrap node, which Terraform asks for the kubeconfig: set cluster.bootstrapNode to ${others.join(" or ") || "another control plane, once there is one"}, deploy ${environment.name}-cluster (no machine changes), then come back`,
        ]
      : []),
    ...(left === 0
      ? [
          `${leaving.join(", ")} is all the control plane there is; without it the cluster is gone${verb === "disk" ? `: npm run homelab -- runbook ${environment.name} lost-cluster` : ""}`,
        ]
      : []),
    ...(verb === "remove" && left > 0 && left % 2 === 0 ? [evenCount(environment, leaving, left)] : []),
    ...(isDead && left * 2 <= controlPlanes.length
      ? [
          `etcd has no majority without ${leaving.join(", ")}: ${left} of ${controlPlanes.length} are left; restore from a snapshot instead`,
        ]
      : []),
  ];
};

const evenCount = (environment: Environment, leaving: readonly string[], left: number): string => {
  const { bootstrapNode } = environment.cluster;
  const [other] = controlPlaneNames(environment).filter(
    (name) => name !== bootstrapNode && !leaving.includes(name),
  );
  const twoSteps =
    other === undefined
      ? ""
      : `, or take two out, one after the other: npm run homelab -- node remove ${environment.name} ${leaving.join(" ")} ${other}`;
  return `${left} control planes would be left, an even number, which bears no more failures than ${left - 1}: replace the node${twoSteps}`;
};

const addRefusals = (environment: Environment, { names, role = "worker" }: NodeLifeRequest): string[] => {
  const { name: cluster, nodes } = environment;
  const roleOf = (name: string): Node["role"] => nodes.find((node) => node.name === name)?.role ?? role;
  const newcomers = names.filter((name) => roleOf(name) === "controlplane");
  const known = newcomers.filter((name) => namesOf(environment).includes(name));
  const before = controlPlaneNames(environment).length - known.length;
  const { bootstrapNode } = environment.cluster;
  if (newcomers.length === 0) return [];
  return [
    ...(before === 0
      ? [`every control plane would be new: deploy ${cluster}-cluster makes a new cluster`]
      : []),
    ...(names.includes(bootstrapNode) && before > 0
      ? [`${bootstrapNode} is the bootstrap node, and must be a member already: name another first`]
      : []),
    ...(newcomers.length < names.length
      ? ["control planes and workers must be added one kind after the other"]
      : []),
    ...(before > 0 && (before + newcomers.length) % 2 === 0
      ? [
          `${before} and ${newcomers.length} make an even number of control planes: add two at once, npm run homelab -- node add ${cluster} ${newcomers.join(" ")} ANOTHER --role controlplane; etcd takes them in one after the other`,
        ]
      : []),
  ];
};

const add: Plan = (environment, { names, role = "worker" }, prove) => {
  const cluster = new NodeLifeCluster(environment);
  const newcomers = names.flatMap((name) => cluster.data(name) ?? []);
  if (newcomers.length === names.length) {
    return {
      problems: prove(environment),
      steps: [
        ...healthSteps(cluster, `before-adding-${names.join("-")}`, { missing: names }),
        ...joinSteps(cluster, newcomers),
      ],
    };
  }
  const missing = names.filter((name) => !cluster.data(name));
  const [sibling] = environment.nodes.filter((node) => node.role === role).concat(environment.nodes);
  const steps = [
    {
      title: `Describe ${missing.join(" and ")} in ${cluster.file}, under nodes`,
      notes: [
        `Each as a ${role}. What ${sibling?.name} has, for comparison:`,
        ...JSON.stringify(sibling, null, 2).split("\n"),
        "A free address in each VLAN, the machine's own MAC, disk and interface. Read them off the machine in maintenance mode.",
      ],
      commands: [
        cluster.iso(sibling?.schematic ?? ""),
        "talosctl --nodes MAINTENANCE-ADDRESS get links --insecure",
        "talosctl --nodes MAINTENANCE-ADDRESS get disks --insecure",
        "npm run synth",
      ],
      until: "npm run synth is green",
    },
    {
      title: "Then ask again, for the steps with its addresses",
      commands: [`npm run homelab -- node add ${environment.name} ${names.join(" ")}`],
    },
  ];
  return { problems: [], steps };
};

const remove: Plan = (environment, { names, isDead = false, today }, prove) => {
  const cluster = new NodeLifeCluster(environment);
  const nodes = environment.nodes.filter(({ name }) => !names.includes(name));
  const { after, problems, edits } = changed(environment, nodes, today, prove);
  if (!after) return { problems, steps: [] };
  const left = controlPlaneNames(environment).filter((name) => !names.includes(name));
  return {
    problems: [],
    steps: [
      ...healthSteps(cluster, `before-removing-${names.join("-")}`, {
        [isDead ? "missing" : "leaving"]: names,
      }),
      ...names.flatMap((name, index) =>
        leaveSteps(cluster, name, {
          afterwards: "off",
          left: names.slice(0, index),
          dead: isDead ? names : [],
        }),
      ),
      editStep(cluster, `Take ${names.join(" and ")} out of ${cluster.file}`, edits),
      deployStep(cluster, names, left),
    ],
  };
};

const replace: Plan = (environment, { names, isDead = false }, prove) => {
  const cluster = new NodeLifeCluster(environment);
  const [name = ""] = names;
  const data = cluster.data(name);
  return {
    problems: prove(environment),
    steps: [
      ...healthSteps(cluster, `before-replacing-${name}`, { [isDead ? "missing" : "leaving"]: names }),
      ...leaveSteps(cluster, name, { afterwards: "off", dead: isDead ? names : [] }),
      editStep(cluster, `Write what the new machine has to nodes.${name} in ${cluster.file}`, [
        "mac, maintenanceAddress, installDisk, interface, cpu and memory; name, role and addresses stay",
        "Take installedOn out until it is installed.",
      ]),
      ...(data ? joinSteps(cluster, [data]) : []),
    ],
  };
};

const rename: Plan = (environment, { names, today }, prove) => {
  const cluster = new NodeLifeCluster(environment);
  const [from = "", to = ""] = names;
  const nodes = environment.nodes.map((node) => (node.name === from ? { ...node, name: to } : node));
  const { after, problems, edits } = changed(environment, nodes, today, prove);
  const newcomer = after?.nodes.find(({ name }) => name === to);
  if (!after || !newcomer) return { problems, steps: [] };
  return {
    problems: [],
    steps: [
      {
        title: `Know that ${to} is a new node on an old machine`,
        notes: [
          "The host name is the identity of a node in Kubernetes and etcd. So it leaves under one name and joins under another; nothing on it is kept.",
        ],
      },
      ...healthSteps(cluster, `before-renaming-${from}`, { leaving: [from] }),
      ...leaveSteps(cluster, from, { afterwards: "maintenance" }),
      editStep(cluster, `Name it ${to} in ${cluster.file}`, edits),
      ...joinSteps(new NodeLifeCluster(after), [newcomer], { isWaiting: true, forgotten: [from] }),
    ],
  };
};

const PLANS: Record<Verb, Plan> = { add, remove, replace, rename, disk };

/** Taking an address out of the state leaves the machine alone, which by now is gone. */
const deployStep = (cluster: NodeLifeCluster, names: readonly string[], left: readonly string[]): Step => {
  const addresses = names.map((name) => `talos_machine_configuration_apply.node_${name}`);
  const controlPlanes = names.filter((name) => cluster.machine(name).role === "controlplane");
  return {
    title: "Let Terraform forget it",
    notes: [
      `The plan destroys ${addresses.join(", ")} and changes no other node. That only forgets it: no machine is touched.`,
      ...(controlPlanes.length > 0
        ? [
            "The guard wants the members that etcd has now, and a waiver of control-plane for each address: its refusal prints it.",
          ]
        : ["The guard asks for a waiver of node-removal: its refusal prints it, with this very change."]),
    ],
    commands: [
      ...(controlPlanes.length > 0
        ? [`${cluster.onControlPlanes(names, "etcd", "members")} > members.txt`]
        : []),
      cluster.deploy(),
    ],
    until: `the cluster is ${left.join(", ")} and its workers: npm run homelab -- upgrade ${cluster.name} finds all well`,
  };
};
