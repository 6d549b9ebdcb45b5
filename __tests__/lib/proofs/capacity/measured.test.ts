import { expect, test } from "vitest";
import { Quantity } from "../../../../lib/core/values/quantity.ts";
import { assessCapacity } from "../../../../lib/proofs/capacity/capacity.ts";
import { measuredFit, measuredProblems, NODE_LOST_RISK } from "../../../../lib/proofs/capacity/measured.ts";
import { environments } from "../../../stacks/homelab.ts";

const nodes = environments().find(({ name }) => name === "prod")?.nodes ?? [];
const cluster = { nodes, controlPlane: "converged" as const };
const measured = (memory: string) => ({
  memory: Quantity.parse(memory),
  source: "a record of the cluster",
  on: "2026-03-04",
});

test("what Kubernetes reports of a node beats the estimate of its firmware", () => {
  const [phoebe] = assessCapacity({
    ...cluster,
    nodes: nodes.filter(({ name }) => name === "phoebe"),
    namespaces: [],
  }).nodes;
  const { memory, firmware } = { memory: phoebe?.capacity.memory, firmware: phoebe?.firmware.memory };
  expect(memory && firmware && String(memory.minus(firmware))).toBe("7969528Ki");
});

test("each term of the arithmetic is named, and the largest node is the one that is lost", () => {
  const { short, arithmetic } = measuredFit(cluster, measured("51798Mi"));
  expect(String(short)).toBe("19169044Ki");
  expect(arithmetic).toBe(
    "51798Mi were requested on 2026-03-04 (a record of the cluster); without powder there are poison 13669Mi + peach 6883Mi + pearl 6791Mi + phoebe 5735Mi = 33078Mi: short of 18720Mi",
  );
});

test("a shortage is refused until somebody accepts it, and then shown", () => {
  expect(measuredProblems(cluster, measured("51798Mi"), [])).toEqual([
    expect.stringMatching(
      /^measuredRequests\.memory: must fit with one node lost: 51798Mi .*short of 18720Mi/,
    ),
  ]);
  expect(measuredProblems(cluster, measured("51798Mi"), [NODE_LOST_RISK])).toEqual([]);
});

test("an acceptance of what fits, or of what nobody measured, is refused", () => {
  for (const counted of [measured("1Gi"), undefined]) {
    expect(measuredProblems(cluster, counted, [])).toEqual([]);
    expect(measuredProblems(cluster, counted, [NODE_LOST_RISK])).toEqual([
      expect.stringContaining(`acceptedRisks.${NODE_LOST_RISK}: must silence something`),
    ]);
  }
});
