import { describe, expect, test } from "vitest";
import {
  includesMinor,
  KUBERNETES_BY_CILIUM,
  KUBERNETES_BY_TALOS,
  minorOf,
} from "../../../environments/versions.ts";
import { besideAge, problems, type Refusal } from "../lab.ts";

test.each<Refusal>([
  [
    "Kubernetes that is too new for Talos",
    { "versions.talos": "v1.10.9", "versions.kubernetes": "v1.34.0", "versions.cilium": "1.19.6" },
    [
      'versions.kubernetes: must be 1.28 to 1.33, what Talos 1.10 supports: got "v1.34.0"',
      'versions.cilium: must be a version whose verdicts were compared with ours, 1.18.3, 1.19.0-dev; of another the network proofs are unknown: got "1.19.6" (the accepted risk cilium-1.19.6-not-compared would silence this)',
    ],
  ],
  [
    "Kubernetes that is too old for Talos",
    { "versions.talos": "v1.13.0", "versions.kubernetes": "v1.30.9" },
    ['versions.kubernetes: must be 1.31 to 1.36, what Talos 1.13 supports: got "v1.30.9"'],
  ],
  [
    "Kubernetes that Cilium is not tested with",
    { "versions.kubernetes": "v1.34.0" },
    [
      'versions.cilium: must be tested with Kubernetes 1.34; 1.18 is tested with 1.30 to 1.33: got "1.18.3" (the accepted risk cilium-1.18-kubernetes-1.34 would silence this)',
    ],
  ],
  [
    "Kubernetes that Cilium is no longer tested with",
    { "versions.cilium": "1.19.6", "versions.kubernetes": "v1.31.0" },
    [
      'versions.cilium: must be tested with Kubernetes 1.31; 1.19 is tested with 1.32 to 1.35: got "1.19.6" (the accepted risk cilium-1.19-kubernetes-1.31 would silence this)',
      'versions.cilium: must work on Talos 1.12; of Cilium 1.19 on it a fault is reported (https://github.com/cilium/cilium/issues/46010): got "1.19.6" (the accepted risk cilium-1.19-talos-1.12 would silence this)',
      'versions.cilium: must be a version whose verdicts were compared with ours, 1.18.3, 1.19.0-dev; of another the network proofs are unknown: got "1.19.6" (the accepted risk cilium-1.19.6-not-compared would silence this)',
    ],
  ],
  [
    "a Talos that nobody has looked at",
    { "versions.talos": "v1.15.0" },
    [
      'versions.talos: must be of a known minor version, 1.10, 1.11, 1.12, 1.13, 1.14; another takes an entry in environments/versions.ts: got "v1.15.0"',
    ],
  ],
  [
    "a Cilium that nobody has looked at",
    { "versions.cilium": "1.17.4" },
    [
      'versions.cilium: must be of a known minor version, 1.18, 1.19, 1.20; another takes an entry in environments/versions.ts: got "1.17.4"',
    ],
  ],
  [
    "a Talos of another major version",
    { "versions.talos": "v2.12.4" },
    [
      'versions.talos: must be of a known minor version, 1.10, 1.11, 1.12, 1.13, 1.14; another takes an entry in environments/versions.ts: got "v2.12.4"',
    ],
  ],
])("refuses %s", (_, changes, lines) => {
  expect(besideAge(problems(changes))).toEqual(lines);
});

describe.each([
  ["versions.talos", "v", ["1.12.4", "v1.12", "v1.12.4-rc.1", "v1.12.x", "latest", "v01.12.4", "^v1.12.4"]],
  ["versions.kubernetes", "v", ["1.33.2", "v1.33", ">=v1.33.0", "v1.33.2+k3s1"]],
  ["versions.cilium", "", ["v1.18.3", "1.18", "1.18.*", "~1.18.3", "1.18.3-pre.0"]],
  ["versions.argocdChart", "", ["v7.7.7", "7.7", "7.x", ">7.0.0", ""]],
])("%s must be exact", (path, prefix, versions) => {
  test.each(versions)("%j", (version) => {
    expect(problems({ [path]: version })).toEqual([
      `${path}: must be an exact version, ${prefix}MAJOR.MINOR.PATCH: got ${JSON.stringify(version)}`,
    ]);
  });
});

test("minor versions are compared as numbers", () => {
  expect(includesMinor({ from: "1.9", to: "1.10" }, "1.10")).toBe(true);
  expect(includesMinor({ from: "1.9", to: "1.10" }, "1.1")).toBe(false);
  expect(includesMinor({ from: "1.9", to: "1.10" }, "2.9")).toBe(false);
  expect(minorOf("v1.12.4")).toBe("1.12");
});

test("the tables hold ranges in order", () => {
  for (const { from, to } of [
    ...Object.values(KUBERNETES_BY_TALOS),
    ...Object.values(KUBERNETES_BY_CILIUM),
  ]) {
    expect(includesMinor({ from, to }, from)).toBe(true);
  }
});

test("Cilium 1.19 on Talos 1.12 needs an accepted risk, and on another Talos none of that name", () => {
  const fault = (talos: string) =>
    problems({ "versions.cilium": "1.19.4", "versions.talos": talos }).filter((line) =>
      line.includes("a fault is reported"),
    );
  expect(fault("v1.12.9")).toEqual([
    'versions.cilium: must work on Talos 1.12; of Cilium 1.19 on it a fault is reported (https://github.com/cilium/cilium/issues/46010): got "1.19.4" (the accepted risk cilium-1.19-talos-1.12 would silence this)',
  ]);
  expect(fault("v1.13.9")).toEqual([]);
});
