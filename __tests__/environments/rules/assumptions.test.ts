import { expect, test } from "vitest";
import { type Changes, lab, problems, type Refusal } from "../lab.ts";

const assumption = (path: string) => ({
  path,
  why: "Nobody has looked yet.",
  verify: "Look at the machine.",
});

test.each<Refusal>([
  [
    "a field that is not there",
    { assumptions: [assumption("nodes.ada.colour")] },
    ['assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "nodes.ada.colour"'],
  ],
  [
    "a node that is not there",
    { assumptions: [assumption("nodes.zoe.mac")] },
    ['assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "nodes.zoe.mac"'],
  ],
  [
    "a node by its position",
    { assumptions: [assumption("nodes.0.mac")] },
    ['assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "nodes.0.mac"'],
  ],
  [
    "what every list has",
    { assumptions: [assumption("nodes.length")] },
    ['assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "nodes.length"'],
  ],
  [
    "what every object has",
    { assumptions: [assumption("cluster.constructor")] },
    [
      'assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "cluster.constructor"',
    ],
  ],
  [
    "everything at once",
    { assumptions: [assumption("nodes.*")] },
    ['assumptions[0].path: must name a field, e.g. nodes.daphne.mac or nodes.*.cpu: got "nodes.*"'],
  ],
  [
    "a field assumed twice",
    { assumptions: [assumption("nodes.ada.cpu"), assumption("nodes.ada.cpu")] },
    [
      'assumptions[1].path: must assume a field once; assumptions[0].path has nodes.ada.cpu too: got "nodes.ada.cpu"',
    ],
  ],
  [
    "a field assumed by name and by wildcard",
    { assumptions: [assumption("nodes.*.cpu"), assumption("nodes.bea.cpu")] },
    [
      'assumptions[1].path: must assume a field once; assumptions[0].path has nodes.bea.cpu too: got "nodes.bea.cpu"',
    ],
  ],
  [
    "unknown fields without an assumption",
    { "nodes.0.mac": null, "nodes.1.maintenanceAddress": null, "backup.ageRecipients": null },
    [
      "nodes.ada.mac: must be known, or be covered by an assumption: got null",
      "nodes.bea.maintenanceAddress: must be known, or be covered by an assumption: got null",
      "backup.ageRecipients: must be known, or be covered by an assumption: got null",
    ],
  ],
  [
    "an assumption that covers another node",
    { "nodes.0.mac": null, assumptions: [assumption("nodes.bea.mac")] },
    ["nodes.ada.mac: must be known, or be covered by an assumption: got null"],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test("a wildcard covers each unknown field that it names", () => {
  const unknown = Object.fromEntries(lab().nodes.map((_, index) => [`nodes.${index}.mac`, null]));
  expect(problems({ ...unknown, assumptions: [assumption("nodes.*.mac")] })).toEqual([]);
});

test("a known field may be assumed, deep inside too", () => {
  expect(
    problems({ assumptions: [assumption("nodes.ada.vlans.20.gateway"), assumption("backup.image")] }),
  ).toEqual([]);
});

test("null that has a meaning needs no assumption", () => {
  expect(problems({ "backup.endpoint": null })).toEqual([]);
});

test("a malformed field still exists", () => {
  expect(problems({ "nodes.0.cpu": "many", assumptions: [assumption("nodes.ada.cpu")] })).toEqual([
    'nodes.ada.cpu: must be a Kubernetes quantity, e.g. 500m or 16Gi: got "many"',
  ]);
});

test.each<Refusal>([
  ["a field that is missing", { "nodes.0.cpu": undefined }, ["nodes.ada.cpu: must be text: got nothing"]],
  ["a node that is no object", { "nodes.0": null }, ["nodes[0]: must be an object: got null"]],
  [
    "a node whose name is malformed",
    { "nodes.0.name": "Ada Lovelace", "nodes.0.mac": null },
    [
      'nodes[0].name: must be a DNS label: lower case, digits and dashes, at most 63 characters: got "Ada Lovelace"',
    ],
  ],
  ["all nodes missing", { nodes: undefined }, ["nodes: must be a list: got nothing"]],
])("an assumption is not to blame for %s", (_, changes, lines) => {
  const assumptions = [assumption("nodes.ada.cpu"), assumption("nodes.ada.mac")];
  expect(problems({ assumptions, ...changes, "cluster.bootstrapNode": "bea" })).toEqual(lines);
});

test.each<Changes>([
  { assumptions: undefined },
  { assumptions: [{ ...assumption("nodes.ada.mac"), path: 5 }] },
])("an unknown field is not to blame for malformed assumptions: %j", (changes) => {
  expect(problems({ "nodes.0.mac": null, ...changes })).toHaveLength(1);
});

test("an assumption about nothing is refused beside what is malformed elsewhere", () => {
  const assumptions = [assumption("nodes.zoe.mac"), assumption("nodes.bea.colour")];
  expect(problems({ assumptions, name: 5, "nodes.0.cpu": undefined, "cluster.name": 5 })).toHaveLength(5);
});

const FIGURES = ["mac", "maintenanceAddress", "installDisk", "interface", "cpu", "memory"];

const readWithout = (left: string) => [
  { figures: FIGURES.filter((each) => each !== left), source: "the label on the machine", on: "2026-01-01" },
];

test.each(FIGURES)("a figure that was neither read nor assumed is refused: %s", (figure) => {
  const witnesses = { "nodes.0.witnesses": readWithout(figure) };
  expect(problems(witnesses)).toEqual([
    expect.stringContaining(
      `nodes.ada.${figure}: must have been read: name it in the node's witnesses, or under assumptions: got "`,
    ),
  ]);
  expect(problems({ ...witnesses, assumptions: [assumption(`nodes.ada.${figure}`)] })).toEqual([]);
});

test("what Kubernetes reports of a node is a figure too", () => {
  expect(problems({ "nodes.0.reportedMemory": "7969528Ki" })).toEqual([
    'nodes.ada.reportedMemory: must have been read: name it in the node\'s witnesses, or under assumptions: got "7969528Ki"',
  ]);
});

test("a witness of what is no figure, or of no day, is refused", () => {
  expect(
    problems({ "nodes.0.witnesses.0.figures.0": "colour", "nodes.0.witnesses.0.on": "once" }),
  ).toHaveLength(2);
});
