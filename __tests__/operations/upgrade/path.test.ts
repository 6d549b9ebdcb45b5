import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { inventoryOf } from "../../../operations/talos/inventory.ts";
import { pathProblems } from "../../../operations/upgrade/path.ts";
import { lab } from "../../environments/lab.ts";

const problems = (
  target: { talos: string; kubernetes: string },
  running: { talos: string; kubernetes: string; talosctl?: string },
  acceptedRisks: string[] = [],
): string[] =>
  pathProblems(
    { ...inventoryOf(parseEnvironment(lab()), target), acceptedRisks },
    {
      talos: new Map([["ada", running.talos]]),
      kubernetes: new Map([["ada kubelet", running.kubernetes]]),
      talosctl: running.talosctl ?? running.talos,
    },
  );

describe("what may follow what", () => {
  test.each([
    ["v1.12.4", "v1.33.2", "v1.12.4", "v1.33.2"],
    ["v1.12.5", "v1.33.2", "v1.12.4", "v1.33.0"],
    ["v1.12.4", "v1.33.2", "v1.11.6", "v1.32.4"],
    ["v1.13.0", "v1.33.2", "v1.12.10", "v1.32.4"],
  ])("to Talos %s and Kubernetes %s from %s and %s", (talos, kubernetes, fromTalos, fromKubernetes) => {
    expect(problems({ talos, kubernetes }, { talos: fromTalos, kubernetes: fromKubernetes })).toEqual([]);
  });

  test.each([
    ["v1.12.3", "v1.33.2", "ada: Talos must not go down: got v1.12.4, asked for v1.12.3"],
    ["v1.12.4", "v1.33.1", "ada kubelet: Kubernetes must not go down: got v1.33.2, asked for v1.33.1"],
    [
      "v1.14.0",
      "v1.33.2",
      "ada: Talos must go up one minor version at a time: got v1.12.4, asked for v1.14.0; go to the last patch of v1.13 first",
    ],
    [
      "v1.12.4",
      "v1.35.0",
      "ada kubelet: Kubernetes must go up one minor version at a time: got v1.33.2, asked for v1.35.0; go to the last patch of v1.34 first",
    ],
    ["v2.12.4", "v1.33.2", "ada: Talos must stay in its major version: got v1.12.4, asked for v2.12.4"],
    [
      "v1.15.0",
      "v1.33.2",
      "Talos 1.15 must be known, with the Kubernetes that it supports, in environments/versions.ts",
    ],
    ["1.13", "v1.33.2", 'must be an exact version: got "1.13"'],
  ])("refuses Talos %s with Kubernetes %s", (talos, kubernetes, message) => {
    expect(problems({ talos, kubernetes }, { talos: "v1.12.4", kubernetes: "v1.33.2" })).toContain(message);
  });

  test("Talos must support the Kubernetes that runs, and the one to reach", () => {
    expect(
      problems({ talos: "v1.13.0", kubernetes: "v1.31.0" }, { talos: "v1.12.4", kubernetes: "v1.30.4" }),
    ).toEqual([
      "ada kubelet: Talos v1.13.0 supports Kubernetes 1.31 to 1.36; v1.30.4 runs, so upgrade Kubernetes first",
    ]);
    expect(
      problems({ talos: "v1.10.1", kubernetes: "v1.34.0" }, { talos: "v1.10.0", kubernetes: "v1.33.0" }),
    ).toContain("Talos v1.10.1 supports Kubernetes 1.28 to 1.33: got v1.34.0");
  });

  test("Cilium must be tested with Kubernetes, or the risk be accepted", () => {
    const to34 = { talos: "v1.12.4", kubernetes: "v1.34.0" };
    const running = { talos: "v1.12.4", kubernetes: "v1.33.2" };
    expect(problems(to34, running)).toEqual([
      "Cilium 1.18.3 must be tested with Kubernetes 1.34, or the risk cilium-1.18-kubernetes-1.34 be accepted",
    ]);
    expect(problems(to34, running, ["cilium-1.18-kubernetes-1.34"])).toEqual([]);
  });

  test("talosctl is between the oldest Talos and the target", () => {
    const to = { talos: "v1.13.0", kubernetes: "v1.33.2" };
    const from = { talos: "v1.12.4", kubernetes: "v1.33.2" };
    expect(problems(to, { ...from, talosctl: "v1.12.0" })).toEqual([]);
    expect(problems(to, { ...from, talosctl: "v1.13.9" })).toEqual([]);
    expect(problems(to, { ...from, talosctl: "v1.14.0" })).toEqual([
      "talosctl must be of 1.12 to 1.13: got v1.14.0",
    ]);
    expect(problems(to, { ...from, talosctl: "v1.11.6" })).toEqual([
      "talosctl must be of 1.12 to 1.13: got v1.11.6",
    ]);
  });
});
