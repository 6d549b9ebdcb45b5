/** A disk of a node that died or is changed: the system's, which means to install again, or another one. */
import type { Environment } from "../../environments/schema.ts";
import { changed } from "./after.ts";
import { NodeLifeCluster } from "./cluster.ts";
import { joinSteps } from "./join.ts";
import { healthSteps, leaveSteps } from "./leave.ts";
import type { NodeLifeRequest, Plan, Prove } from "./request.ts";
import { editStep, type Step } from "./step.ts";

/** Talos reads it when it installs and never again, and an upgrade writes to the disk that the system runs from. */
const NOT_MOVED =
  "Talos moves no installed system: another installDisk alone changes nothing on the machine. The node leaves, is installed anew, and joins under its name.";

export const disk: Plan = (environment, request, prove) =>
  request.data === undefined
    ? systemDisk(environment, request, prove)
    : dataDisk(new NodeLifeCluster(environment), request, request.data, prove);

/** The environment with another install disk, on which nothing is installed yet. */
const withDisk = (environment: Environment, name: string, installDisk: string) =>
  environment.nodes.map((node) => {
    if (node.name !== name) return node;
    const { installedOn: _, ...rest } = node;
    return { ...rest, installDisk };
  });

const systemDisk = (
  environment: Environment,
  { names, isDead = false, to, today }: NodeLifeRequest,
  prove: Prove,
): ReturnType<Plan> => {
  const [name = ""] = names;
  const cluster = new NodeLifeCluster(environment);
  const before = cluster.data(name)?.installDisk ?? "";
  const nodes = withDisk(environment, name, to ?? before);
  const { after, problems, edits } = changed(environment, nodes, today, prove);
  const node = after?.nodes.find((each) => each.name === name);
  if (!after || !node) return { problems, steps: [] };
  return {
    problems: [],
    steps: [
      {
        title: `Know that ${name} is installed anew`,
        notes: [NOT_MOVED, `Lost with the disk: ${lostWith(environment)}.`],
      },
      ...healthSteps(cluster, `before-disk-of-${name}`, { [isDead ? "missing" : "leaving"]: names }),
      ...leaveSteps(cluster, name, { afterwards: "off", wipes: "disk", dead: isDead ? names : [] }),
      {
        title: `Change the disk of ${name}`,
        notes: [
          isDead
            ? `${before} comes out: a firmware that still finds a system on it starts that one.`
            : `${before} is empty now, and may stay in. Two disks may swap their names when one comes or goes: a path under /dev/disk/by-id does not.`,
        ],
      },
      editStep(cluster, `Write the disk to nodes.${name} in ${cluster.file}`, [
        `installDisk: "${node.installDisk}", with the record that names it under witnesses.`,
        "Take installedOn out until the system runs from there.",
        ...edits,
      ]),
      ...joinSteps(new NodeLifeCluster(after), [node]),
    ],
  };
};

const lostWith = ({ storageClasses }: Environment): string => {
  const classes = storageClasses.filter(({ onNode }) => onNode).map(({ name }) => name);
  const volumes = classes.length > 0 ? [`volumes of ${classes.join(" and ")} on this node`] : [];
  return [
    ...volumes,
    "images, logs, emptyDirs",
    "etcd's copy on a control plane, which the others give back",
  ].join("; ");
};

const dataDisk = (
  cluster: NodeLifeCluster,
  { names, isDead = false }: NodeLifeRequest,
  path: string,
  prove: Prove,
): ReturnType<Plan> => {
  const [name = ""] = names;
  const machine = cluster.machine(name);
  const installDisk = cluster.data(name)?.installDisk ?? "";
  if (path === installDisk)
    return {
      problems: [`${path} is the disk that ${name} is installed to: leave --data out`],
      steps: [],
    };
  const others = cluster.inventory.nodes.filter((node) => node !== machine);
  const steps: Step[] = [
    {
      title: `Know what is on ${path}`,
      notes: [
        `This project puts nothing there: machines mount ${installDisk} alone. What an app wrote there by itself is that app's to bring back: npm run homelab -- runbook ${cluster.name} lost-volume.`,
        ...(others.length === 0 ? ["It is the only node: the cluster is away meanwhile."] : []),
      ],
    },
    ...healthSteps(
      cluster,
      `before-disk-of-${name}`,
      isDead ? {} : { leaving: others.length > 0 ? names : [] },
    ),
    {
      title: `Drain ${name}, and switch it off`,
      notes: ["It stays a node, and a member of etcd if it is one: be back soon."],
      commands: [
        `kubectl drain ${name} --ignore-daemonsets --delete-emptydir-data --timeout=10m`,
        cluster.talosctl([machine], [], "shutdown"),
      ],
      until: "it is off",
    },
    {
      title: "Change the disk, and switch it on",
      commands: [
        cluster.talosctl([machine], [], "get", "systemdisk"),
        cluster.talosctl([machine], [], "get", "disks"),
      ],
      until: `the system disk is the one that ${installDisk} names: disks may swap names, and a path under /dev/disk/by-id does not`,
    },
    {
      title: "Let pods come back",
      commands: [`kubectl uncordon ${name}`, `npm run homelab -- upgrade ${cluster.name}`],
      until: "it says that all is well",
    },
  ];
  return { problems: prove(cluster.environment), steps };
};
