import { describe, expect, test } from "vitest";
import { explainReason } from "../../../lib/proofs/evaluator/verdict.ts";
import { type MatrixData, matrixData } from "../../../operations/reach/matrix-data.ts";
import { sceneOf } from "../../../operations/reach/scene.ts";
import { displayStretch, portOf } from "../../../operations/reach/stretches.ts";
import { allow, ccnp, cnp, defaultDeny, type LabStack, networkOf, pods, tcp } from "./lab.ts";

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const shop: LabStack = {
  policies: [
    defaultDeny,
    allow("shop-db", named("web"), named("db"), tcp(80, 5432, 5433)),
    allow("shop-replica", named("db"), named("web"), tcp(5434)),
    ccnp("everybody", {
      endpointSelector: {},
      ingress: [{ fromEntities: ["world"], toPorts: tcp("http") }],
      enableDefaultDeny: { ingress: false },
    }),
    cnp("shop", "freeze", {
      description: "Nobody leaves.",
      endpointSelector: { matchLabels: { "app.kubernetes.io/name": "db" } },
      egressDeny: [{ toEntities: ["world"] }],
    }),
    cnp("shop", "services", {
      endpointSelector: {},
      egress: [
        { toServices: [{ k8sService: { serviceName: "db", namespace: "shop" } }], toPorts: tcp(8080) },
      ],
    }),
  ],
};

const unpack = (row: readonly number[] = []): number[] =>
  row.flatMap((value, at) => (at % 2 === 0 ? Array<number>(row[at + 1] ?? 0).fill(value) : []));

/** The packed reasons of a flow, as the page looks them up. */
const sidesOf = (data: MatrixData, from: string, to: string, port: number) => {
  const classOf = (name: string) => data.identities.find(([id]) => id === name)?.[2] ?? -1;
  const [source, target] = [classOf(from), classOf(to)];
  const reason = (rows: readonly (readonly number[])[], subject: number, peer: number) =>
    data.reasons[unpack(data.rows[rows[port]?.[subject] ?? -1])[peer] ?? -1];
  return { egress: reason(data.egress, source, target), ingress: reason(data.ingress, target, source) };
};

const decided = (letters: readonly (string | undefined)[]) =>
  letters.includes("d") ? "denied" : letters.includes("u") ? "unknown" : "allowed";

test("every flow of the page is decided as by the evaluator, for the same reasons", () => {
  const network = networkOf(shop);
  const data = matrixData(network);
  const scene = sceneOf([network]);
  const evaluator = scene.sets[0]?.over(scene.identities);
  for (const [index, label] of data.ports.entries()) {
    const stretch = scene.ports.find((one) => displayStretch(one) === label.replace("5432-5433", "5432"));
    if (!stretch) continue;
    for (const { id: from } of scene.identities)
      for (const { id: to } of scene.identities) {
        const { egress, ingress } = sidesOf(data, from, to, index);
        const verdict = evaluator?.evaluate({ from, to, ...portOf(stretch) });
        if (!verdict) throw new Error("no verdict");
        expect([from, to, label, decided([egress?.[0], ingress?.[0]]), egress?.[1], ingress?.[1]]).toEqual([
          from,
          to,
          label,
          verdict.decision,
          explainReason(verdict.egress.reason),
          explainReason(verdict.ingress.reason),
        ]);
      }
  }
});

test("reasons are those of the evaluator, with what the rule is for", () => {
  const { egress, ingress } = sidesOf(matrixData(networkOf(shop)), "shop/web", "shop/db", 1);
  expect(egress).toEqual([
    "a",
    expect.stringMatching(/^allowed by CiliumClusterwideNetworkPolicy shop-db specs\[0\]\.egress\[0\]/),
    "What shop-db is for.",
  ]);
  expect(ingress?.[1]).toContain("specs[1].ingress[0]");
  expect(sidesOf(matrixData(networkOf(shop)), "shop/db", "internet", 3).egress).toEqual([
    "d",
    expect.stringMatching(/^denied by CiliumNetworkPolicy shop\/freeze spec\.egressDeny\[0\]/),
    "Nobody leaves.",
  ]);
});

test("a port that only pods give a name to is not open elsewhere", () => {
  const policy = ccnp("web", {
    endpointSelector: {},
    ingress: [{ fromEntities: ["world"], toPorts: tcp("http") }],
  });
  const data = matrixData(networkOf({ policies: [policy] }));
  const port = data.ports.indexOf("http/TCP");
  expect(sidesOf(data, "internet", "traefik/traefik", port).ingress?.[0]).toBe("a");
  expect(sidesOf(data, "internet", "cilium-ingress", port).ingress?.[0]).toBe("d");
});

test("only ports on which something differs can be chosen", () => {
  expect(matrixData(networkOf(shop)).ports).toEqual([
    "80/TCP",
    "5432-5433/TCP",
    "5434/TCP",
    "8080/TCP",
    "http/TCP",
    "every other TCP port",
    "every other UDP port",
    "every other SCTP port",
    "every other ICMP type",
    "every other ICMPv6 type",
  ]);
});

test("namespaces come first, then nodes, then what is outside", () => {
  const { groups, identities } = matrixData(networkOf({ ...shop, namespaces: { zoo: {} } }));
  expect(groups.slice(-3)).toEqual(["zoo", "(nodes)", "(outside)"]);
  expect(groups.slice(0, -2)).toEqual(groups.slice(0, -2).toSorted());
  const groupOf = (name: string) => groups[identities.find(([id]) => id === name)?.[1] ?? -1];
  expect([groupOf("node"), groupOf("API server"), groupOf("internet"), groupOf("zoo/any-app")]).toEqual([
    "(nodes)",
    "(nodes)",
    "(outside)",
    "zoo",
  ]);
});

describe("notes", () => {
  test("say when nothing is dropped, and which policies have no effect", () => {
    const network = networkOf({
      policies: [ccnp("empty", { endpointSelector: {} })],
      cilium: { policyAuditMode: true },
    });
    expect(matrixData(network).notes).toEqual([
      "Policies are audited: what they deny is logged and not dropped.",
      expect.stringMatching(/^Cilium rejects CiliumClusterwideNetworkPolicy empty/),
    ]);
    expect(matrixData(networkOf(shop)).notes).toEqual([]);
  });
});

test("a thousand pods of a hundred apps stay small", () => {
  const app = (at: number) => `app-${at % 100}`;
  const policies = Array.from({ length: 100 }, (_, at) =>
    cnp(`team-${at % 10}`, app(at), {
      endpointSelector: { matchLabels: { app: app(at) } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { app: app(at + 10) } }],
          toPorts: tcp([80, 443, 5432][at % 3] ?? 80),
        },
      ],
    }),
  );
  const replicas = Array.from({ length: 900 }, (_, at) =>
    pods(`team-${at % 10}`, { app: app(at), replica: `${at}` }),
  );
  const reader = ccnp("replicas", {
    endpointSelector: pods("monitoring"),
    egress: [{ toEndpoints: replicas }],
  });
  const data = matrixData(networkOf({ policies: [...policies, reader] }));
  expect(data.identities.length).toBeGreaterThan(1000);
  expect(data.rows.length).toBeLessThan(data.identities.length * 2);
  expect(JSON.stringify(data).length).toBeLessThan(400_000);
});
