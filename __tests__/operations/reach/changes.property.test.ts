import fc from "fast-check";
import { expect, test } from "vitest";
import { compareNetworks, type FlowChange } from "../../../operations/reach/changes.ts";
import { sceneOf } from "../../../operations/reach/scene.ts";
import { portOf } from "../../../operations/reach/stretches.ts";
import type { SynthesizedNetwork } from "../../../operations/reach/synthesized.ts";
import { allow, cnp, defaultDeny, networkOf, pods, tcp } from "./lab.ts";

const name = fc.constantFrom("web", "db", "cache");
const port = fc.constantFrom(80, 443, "http");
const named = (app: string) => pods("shop", { app });

const policy = fc.oneof(
  fc
    .record({ from: name, to: name, port })
    .map(({ from, to, port: number }) => allow(`${from}-${to}`, named(from), named(to), tcp(number))),
  fc.record({ app: name, port }).map(({ app, port: number }) =>
    cnp("shop", `deny-${app}`, {
      endpointSelector: { matchLabels: { app } },
      ingressDeny: [{ fromEntities: ["all"], toPorts: tcp(number) }],
      enableDefaultDeny: { ingress: false },
    }),
  ),
  fc.constantFrom("198.51.100.0/28", "198.51.100.64/26").map((except) =>
    cnp("shop", "out", {
      endpointSelector: {},
      egress: [{ toCIDRSet: [{ cidr: "198.51.100.0/24", except: [except] }] }],
    }),
  ),
  fc.constant(defaultDeny),
);

const network = fc.array(policy, { maxLength: 5 }).map((policies) => networkOf({ policies }));

const flowsOf = (before: SynthesizedNetwork, after: SynthesizedNetwork): readonly FlowChange[] =>
  compareNetworks(new Map([["lab", before]]), new Map([["lab", after]])).flatMap(({ flows }) => flows);

const pairs = (flows: readonly FlowChange[], opened: "opened" | "closed") =>
  new Set(
    flows
      .filter(({ change }) => change === opened)
      .flatMap(({ from, to }) =>
        from.flatMap((source) => to.map((destination) => `${source} → ${destination}`)),
      ),
  );

test("what opens one way closes the other way", () => {
  fc.assert(
    fc.property(network, network, (before, after) => {
      const [forth, back] = [flowsOf(before, after), flowsOf(after, before)];
      expect(pairs(forth, "opened")).toEqual(pairs(back, "closed"));
      expect(pairs(forth, "closed")).toEqual(pairs(back, "opened"));
    }),
    { numRuns: 25 },
  );
});

test("a pair is reported exactly when its decision differs on some port", () => {
  fc.assert(
    fc.property(network, network, (before, after) => {
      const scene = sceneOf([before, after]);
      const [old, next] = scene.sets.map((set) => set.over(scene.identities));
      const known = scene.identities.map(({ id }) => id).filter((id) => !id.includes(","));
      const differing = known.flatMap((from) =>
        known
          .filter((to) =>
            scene.ports.some((stretch) => {
              const flow = { from, to, ...portOf(stretch) };
              return old?.evaluate(flow).decision !== next?.evaluate(flow).decision;
            }),
          )
          .map((to) => `${from} → ${to}`),
      );
      const flows = flowsOf(before, after);
      const reported = new Set([...pairs(flows, "opened"), ...pairs(flows, "closed")]);
      const isKnown = (pair: string) => pair.split(" → ").every((id) => known.includes(id));
      expect(new Set([...reported].filter(isKnown))).toEqual(new Set(differing));
    }),
    { numRuns: 12 },
  );
});

test("pods that differ in their service account alone do not hide each other", () => {
  const reader = (name: string) => ({
    matchLabels: {
      "k8s:io.cilium.k8s.policy.serviceaccount": name,
      "k8s:io.kubernetes.pod.namespace": "shop",
    },
  });
  const open = (name: string) => allow(name, reader(name), pods("kube-system", { "k8s-app": "kube-dns" }));
  const flows = flowsOf(
    networkOf({ policies: [defaultDeny] }),
    networkOf({ policies: [defaultDeny, open("one"), open("two")] }),
  );
  expect(flows.map(({ from }) => from)).toEqual([
    ["shop/* as service account one"],
    ["shop/* as service account two"],
  ]);
});
