import { describe, expect, test } from "vitest";
import { Allowance } from "../../../../lib/network/allowance.ts";
import { Peer } from "../../../../lib/network/peer.ts";
import { platformPods } from "../../../../lib/network/platform-pods.ts";
import { Port } from "../../../../lib/network/port.ts";
import { allowances, problemsWith, prove } from "./lab.ts";

const open = { enableDefaultDeny: { ingress: false, egress: false } };
const media = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "media" } };
const tools = { matchLabels: { "k8s:io.kubernetes.pod.namespace": "tools" } };

test("the platform's allowances prove everything, and none is idle", () => {
  const proof = prove({ allowances, others: [] });
  expect(proof.problems).toEqual([]);
  expect(proof.flows).toBeGreaterThan(10_000);
});

describe("what must live", () => {
  test.each(allowances.map(({ name }) => name))("without %s the proof fails and names it", (name) => {
    const { problems } = prove({
      allowances: allowances.filter((allowance) => allowance.name !== name),
      others: [],
    });
    const [first = ""] = problems;
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems)
      expect(problem).toContain(`add the allowance ${name} with a route { from: `);
    expect(first).toMatch(
      /^must live: .+ → .+ is denied: .*default deny by CiliumClusterwideNetworkPolicy platform-default-deny/,
    );
  });

  const routes = allowances.flatMap((allowance) =>
    allowance.routes.map((_, index) => [allowance.name, index] as const),
  );

  test.each(routes)("without route %s[%i] the proof fails", (name, missing) => {
    const narrowed = allowances.flatMap((allowance) => {
      if (allowance.name !== name) return [allowance];
      const left = allowance.routes.filter((_, index) => index !== missing);
      return left.length === 0 ? [] : [new Allowance({ name, why: allowance.why, routes: left })];
    });
    const { problems } = prove({ allowances: narrowed, others: [] });
    expect(problems.some((problem) => problem.startsWith("must live: ") && problem.includes(name))).toBe(
      true,
    );
  });

  test("names the flow, the direction and the line that would allow it", () => {
    const { problems } = prove({
      allowances: allowances.filter(({ name }) => name !== "platform-argocd-git"),
      others: [],
    });
    expect(problems).toEqual([
      "must live: Git: argocd/argocd-repo-server → Git server 443/TCP is denied: egress denied: nothing allows it; default deny by CiliumClusterwideNetworkPolicy platform-default-deny specs[0]; ingress not-evaluated: has no policy of its own; add the allowance platform-argocd-git with a route { from: argocd/argocd-repo-server, to: Git server, ports: [Port.tcp(443)] }",
    ]);
  });

  test("a deny that cuts DNS off is found, though the allowance is there", () => {
    const problems = problemsWith({
      ...open,
      endpointSelector: media,
      egressDeny: [{ toPorts: [{ ports: [{ port: "53", protocol: "UDP" }] }] }],
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^must live: DNS: media\/any-app → kube-system\/kube-dns 53\/UDP is denied: egress denied: denied by .*stranger/,
    );
  });
});

describe("what must die", () => {
  test.each([
    [
      "app → other app",
      { endpointSelector: media, ingress: [{ fromEndpoints: [tools] }] },
      tools,
      { toEndpoints: [media] },
    ],
    ["app → API server", { endpointSelector: media, egress: [{ toEntities: ["kube-apiserver"] }] }],
    ["app → node ports", { endpointSelector: media, egress: [{ toEntities: ["host"] }] }],
    ["internet → pod", { endpointSelector: media, ingress: [{ fromEntities: ["world"] }] }],
    ["pod → metadata service", { endpointSelector: media, egress: [{ toCIDR: ["169.254.169.254/32"] }] }],
    [
      "pod → Talos API",
      {
        endpointSelector: media,
        egress: [{ toEntities: ["remote-node"], toPorts: [{ ports: [{ port: "50000", protocol: "TCP" }] }] }],
      },
    ],
  ])("%s", (name, spec: object, from?: object, egress?: object) => {
    const both =
      from && egress
        ? [
            { ...open, ...spec },
            { ...open, endpointSelector: from, egress: [egress] },
          ]
        : undefined;
    const problems = both
      ? prove({
          allowances,
          others: [
            {
              apiVersion: "cilium.io/v2",
              kind: "CiliumClusterwideNetworkPolicy",
              metadata: { name: "stranger" },
              specs: both,
            },
          ],
        }).problems
      : problemsWith({ ...open, ...spec });
    expect(
      problems.some((problem) => problem.startsWith(`must die: ${name}: `) && problem.includes("stranger")),
    ).toBe(true);
  });

  test("anything → ArgoCD's Redis, even when an allowance says so", () => {
    const grant = new Allowance({
      name: "curious",
      why: "It must not help.",
      routes: [{ from: Peer.namespace("tools"), to: platformPods.argocdRedis.peer, ports: [Port.tcp(6379)] }],
    });
    const { problems } = prove({ allowances: [...allowances, grant], others: [] });
    expect(problems).toContainEqual(
      expect.stringMatching(
        /^must die: anything → ArgoCD's Redis and repository server: tools\/any-app → argocd\/argocd-redis 6379\/TCP is open/,
      ),
    );
  });

  test("an allowance that names both ends opens one app to another", () => {
    const grant = new Allowance({
      name: "media-to-tools",
      why: "Asked for.",
      routes: [{ from: Peer.namespace("media"), to: Peer.namespace("tools"), ports: [Port.tcp(80)] }],
    });
    const { problems } = prove({ allowances: [...allowances, grant], others: [] });
    expect(problems).toEqual(["allowance media-to-tools: nothing needs media/* → tools/* any more"]);
  });

  test("an allowance for every pod opens no app to another", () => {
    const grant = new Allowance({
      name: "friendly",
      why: "Too wide.",
      routes: [{ from: Peer.everyPod(), to: Peer.everyPod(), ports: [Port.tcp(80)] }],
    });
    const { problems } = prove({ allowances: [...allowances, grant], others: [] });
    expect(
      problems.some((problem) =>
        problem.startsWith("must die: app → other app: media/any-app → tools/any-app 80/TCP"),
      ),
    ).toBe(true);
  });
});

test("without the deny, everything that must die lives", () => {
  const { problems } = prove({ allowances, others: [], deny: false });
  for (const name of [
    "app → other app",
    "app → API server",
    "internet → pod",
    "pod → metadata service",
    "pod → Talos API",
  ])
    expect(problems.some((problem) => problem.startsWith(`must die: ${name}: `))).toBe(true);
});

test("a policy that opens more than any allowance says is found", () => {
  const problems = problemsWith({
    ...open,
    endpointSelector: media,
    egress: [{ toCIDR: ["203.0.113.0/24"] }],
  });
  expect(problems).toContainEqual(
    expect.stringMatching(
      /^undeclared: media\/any-app → Git server \d+\/TCP is open, and no allowance says so/,
    ),
  );
});

test.each([
  ["in lower case", { toPorts: [{ ports: [{ port: "8088", protocol: "tcp" }] }] }, "8088/TCP"],
  ["of another ICMP type", { icmps: [{ fields: [{ family: "IPv4", type: 13 }] }] }, "13/ICMP"],
])("a port %s is seen", (_, rule, port) => {
  const problems = problemsWith({
    ...open,
    endpointSelector: media,
    ingress: [{ fromEntities: ["world"], ...rule }],
  });
  expect(problems).toContainEqual(
    expect.stringContaining(`must die: internet → pod: internet → media/any-app ${port} is open`),
  );
});

test("a policy that Cilium rejects is named", () => {
  expect(problemsWith({ endpointSelector: media, enableDefaultDeny: { ingress: true } })).toEqual([
    expect.stringMatching(/^rejected: CiliumClusterwideNetworkPolicy stranger /),
  ]);
});

describe("a policy that is other than it seems", () => {
  test.each<[string, object]>([
    ["denies-nothing", { ...open, endpointSelector: media, ingress: [{}], egress: [{}] }],
    [
      "selects-nothing",
      { ...open, endpointSelector: { matchLabels: { "k8s:app": "nobody" } }, egress: [{}] },
    ],
  ])("%s", (kind, spec) => {
    const problems = problemsWith(spec);
    expect(problems).toContainEqual(
      expect.stringMatching(`^${kind}: CiliumClusterwideNetworkPolicy stranger`),
    );
  });

  test("silent-default-deny", () => {
    const rule = { endpointSelector: {}, egressDeny: [{ toCIDR: ["169.254.169.254/32"] }] };
    expect(problemsWith(rule)).toContainEqual(
      expect.stringMatching("^silent-default-deny: CiliumClusterwideNetworkPolicy stranger"),
    );
  });
});
