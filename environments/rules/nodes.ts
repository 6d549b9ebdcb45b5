import { suggestion } from "../did-you-mean.ts";
import { extensionsOf } from "../extensions.ts";
import type { Facts, NodeFacts } from "../facts.ts";
import { macOfInterface } from "../interfaces.ts";
import type { Finding } from "../problem.ts";
import { minorOf } from "../versions.ts";
import { type Rule, repeated, type Undecided } from "./rule.ts";

const DISK_RISK = "install-disk-";

/** Names that mean something else to a machine. */
const RESERVED: ReadonlySet<string> = new Set(["localhost"]);

const controlPlanes = ({ nodes }: Facts): NodeFacts[] =>
  nodes.filter(({ draft }) => draft.role === "controlplane");

const rolesKnown = ({ nodes, nodesKnown }: Facts): boolean =>
  nodesKnown && nodes.every(({ draft }) => draft.role !== undefined);

function* quorum(facts: Facts): Iterable<Finding> {
  const count = controlPlanes(facts).length;
  if (rolesKnown(facts) && facts.nodes.length > 0 && count % 2 === 0) {
    yield {
      path: "nodes",
      rule: "must hold an odd number of control planes, so that etcd keeps a majority",
      value: count,
    };
  }
}

function* placeForWorkloads(facts: Facts): Iterable<Finding> {
  const mode = facts.draft.cluster?.controlPlane;
  if (
    mode === "dedicated" &&
    rolesKnown(facts) &&
    facts.nodes.every(({ draft }) => draft.role !== "worker")
  ) {
    yield {
      path: "cluster.controlPlane",
      rule: 'must be "converged" while no node is a worker',
      value: mode,
    };
  }
}

function* names({ nodes }: Facts): Iterable<Finding> {
  const named = nodes.filter(({ draft }) => draft.name !== undefined);
  for (const [{ path, draft }] of repeated(named, (node) => node.draft.name)) {
    yield { path: `${path}.name`, rule: "must be the only node of that name", value: draft.name };
  }
  for (const { path, draft } of named) {
    if (draft.name !== undefined && RESERVED.has(draft.name)) {
      yield { path: `${path}.name`, rule: "must not be a reserved name", value: draft.name };
    }
  }
}

function* macs({ nodes }: Facts): Iterable<Finding> {
  for (const [later, first] of repeated(
    nodes.flatMap(({ mac }) => mac ?? []),
    (mac) => mac.value,
  )) {
    yield { path: later.path, rule: `must be another MAC address than ${first.path}`, value: later.value };
  }
  for (const { path, draft } of nodes) {
    const named = draft.interface === undefined ? undefined : macOfInterface(draft.interface);
    if (draft.mac && named !== undefined && named !== draft.mac) {
      yield {
        path: `${path}.interface`,
        rule: `must agree with the MAC address, ${draft.mac}: enx${draft.mac.replaceAll(":", "")}`,
        value: draft.interface,
      };
    }
  }
}

/** Talos reads `machine.install.disk` when it installs, and an upgrade writes to the disk that the system runs from. */
function* installDisks({
  nodes,
  malformed,
  draft: { name: environment },
}: Facts): Iterable<Finding | Undecided> {
  for (const { path, label, draft } of nodes) {
    const { installDisk, installedOn } = draft;
    if (malformed.has(`${path}.installDisk`) || malformed.has(`${path}.installedOn`))
      yield { undecided: `${DISK_RISK}${label}` };
    else if (installedOn !== undefined && installDisk !== installedOn)
      yield {
        path: `${path}.installDisk`,
        rule: `must be the disk that the system runs from, ${installedOn}: Talos reads it only while it installs, so this moves nothing, and the next install wipes that disk; npm run homelab -- node disk ${environment ?? "<environment>"} ${label} --to ${installDisk} prints the way`,
        value: installDisk,
        riskId: `${DISK_RISK}${label}`,
      };
  }
}

function* bootstrap(facts: Facts): Iterable<Finding> {
  const name = facts.draft.cluster?.bootstrapNode;
  const candidates = controlPlanes(facts).map(({ label }) => label);
  const named = facts.nodes.filter(({ draft }) => draft.name === name);
  const decided =
    named.length > 0
      ? named.every(({ draft }) => draft.role !== undefined)
      : facts.nodesKnown && facts.nodes.every(({ draft }) => draft.name !== undefined);
  if (name !== undefined && decided && !candidates.includes(name)) {
    yield {
      path: "cluster.bootstrapNode",
      rule: `must name a control plane: ${candidates.join(", ") || "there is none"}`,
      value: name,
    };
  }
}

function* schematics({ draft, nodes, nodesKnown }: Facts): Iterable<Finding> {
  if (draft.schematics === undefined) return;
  const known = Object.keys(draft.schematics);
  for (const { path, draft: node } of nodes) {
    if (node.schematic !== undefined && !known.includes(node.schematic)) {
      yield {
        path: `${path}.schematic`,
        rule: `must name an entry of schematics: ${known.join(", ") || "there is none"}`,
        value: node.schematic,
      };
    }
  }
  const used = nodes.map(({ draft: node }) => node.schematic);
  if (nodesKnown && !used.includes(undefined)) {
    for (const name of known.filter((name) => !used.includes(name))) {
      yield {
        path: `schematics.${name}`,
        rule: "must be the schematic of a node",
        value: name,
      };
    }
  }
  const minor = draft.versions?.talos === undefined ? undefined : minorOf(draft.versions.talos);
  const official = minor === undefined ? undefined : extensionsOf(minor);
  for (const [name, schematic] of Object.entries(draft.schematics)) {
    for (const [index, extension] of (schematic?.extensions ?? []).entries())
      if (extension !== undefined && official?.includes(extension) === false)
        yield {
          path: `schematics.${name}.extensions[${index}]`,
          rule: `must be an extension that the Image Factory has for Talos ${minor}${suggestion(extension, official)}`,
          value: extension,
        };
    for (const [extension] of repeated(schematic?.extensions?.filter(Boolean) ?? [], (e) => e)) {
      yield {
        path: `schematics.${name}.extensions`,
        rule: "must name each extension once",
        value: extension,
      };
    }
  }
}

export const nodeRules: readonly Rule[] = [
  quorum,
  placeForWorkloads,
  names,
  macs,
  installDisks,
  bootstrap,
  schematics,
];
