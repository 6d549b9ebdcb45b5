/**
 * Compares the evaluator with recorded verdicts of Cilium's policy engine: every flow with both of its sides, and
 * which policies are refused.
 */
import { z } from "zod";
import type { Identity } from "./identities.ts";
import { displayPolicy } from "./model.ts";
import { PolicySet } from "./policy-set.ts";
import { explainSide, type Verdict } from "./verdict.ts";

/** Null stands for an absent field or an empty list, as Go writes them. Further fields are left out. */
const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);
const list = <T extends z.ZodType>(type: T) =>
  z
    .array(type)
    .nullish()
    .transform((value) => value ?? []);

const stringMap = z.record(z.string(), z.string());
const id = z.string().min(1);

const namedPort = z.object({
  name: z.string(),
  port: z.int().min(1).max(65535),
  protocol: optional(z.enum(["TCP", "UDP", "SCTP"])),
});

const identity = z.discriminatedUnion("kind", [
  z.object({
    id,
    kind: z.literal("pod"),
    namespace: z.string().min(1),
    labels: optional(stringMap),
    namespaceLabels: optional(stringMap),
    serviceAccount: optional(z.string()),
    namedPorts: optional(z.array(namedPort)),
  }),
  z.object({
    id,
    kind: z.literal("host"),
    labels: optional(stringMap),
    kubeApiserver: optional(z.boolean()),
  }),
  z.object({ id, kind: z.literal("remote-node"), labels: optional(stringMap) }),
  z.object({ id, kind: z.literal("kube-apiserver"), cidr: optional(z.string()) }),
  z.object({ id, kind: z.enum(["health", "ingress", "init", "unmanaged", "world"]) }),
  z.object({ id, kind: z.literal("cidr"), cidr: z.string(), dnsNames: optional(z.array(z.string())) }),
]);

const side = z.enum(["allowed", "denied", "not-evaluated"]);

const flow = z.object({
  from: z.string(),
  to: z.string(),
  protocol: z.enum(["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"]),
  port: z.int().min(0).max(65535),
  verdict: z.enum(["allowed", "denied"]),
  deniedBy: z.enum(["egress", "ingress"]).nullable(),
  egress: side,
  ingress: side,
});

const service = z.object({
  name: z.string(),
  namespace: z.string(),
  labels: optional(stringMap),
  selector: optional(stringMap),
  addresses: optional(z.array(z.string())),
});

const cidrGroup = z.object({ name: z.string(), cidrs: list(z.string()), labels: optional(stringMap) });

const scenario = z.object({
  name: z.string(),
  hostFirewall: optional(z.boolean()),
  nodeSelectorLabels: optional(z.boolean()),
  services: list(service),
  cidrGroups: list(cidrGroup),
  identities: list(identity),
  policies: list(z.record(z.string(), z.unknown())),
  rejected: list(z.object({ policy: z.string(), error: z.string() })),
  flows: z.array(flow),
});

const vectors = z.object({ engine: z.string(), scenarios: z.array(scenario) });

export type Vectors = z.infer<typeof vectors>;
type Scenario = z.infer<typeof scenario>;
type RecordedFlow = z.infer<typeof flow>;

export interface Disagreement {
  readonly scenario: string;
  /** A flow, or a policy. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;
}

export interface ConformanceReport {
  readonly flows: number;
  readonly rejections: number;
  /** Flows and rejections that are as recorded. */
  readonly agreements: number;
  readonly disagreements: readonly Disagreement[];
  /** Flows of which the evaluator says that it cannot tell: neither agreement nor disagreement. */
  readonly unknown: readonly Disagreement[];
  /** Policies that both refuse, with another message. */
  readonly otherMessages: readonly Disagreement[];
}

/** Reads vectors; throws with every problem, one on a line, when the shape is another one. */
export const parseVectors = (input: unknown): Vectors => {
  const result = vectors.safeParse(input);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => `${path.join(".") || "file"}: ${message}`);
  throw new Error(lines.slice(0, 20).join("\n"));
};

const summary = (verdict: RecordedFlow | Verdict): string => {
  const [decision, egress, ingress] =
    "verdict" in verdict
      ? [verdict.verdict, verdict.egress, verdict.ingress]
      : [verdict.decision, verdict.egress.decision, verdict.ingress.decision];
  return `${decision} (egress ${egress}, ingress ${ingress}, denied by ${verdict.deniedBy ?? "nobody"})`;
};

const explain = (verdict: Verdict): string =>
  `${summary(verdict)}; ${explainSide("egress", verdict.egress)}; ${explainSide("ingress", verdict.ingress)}`;

/** The engine names two lists that must not be combined in either order. */
const normalized = (error: string): string =>
  error.replace(/combining (\S+) and (\S+) is/, (_, left: string, right: string) => {
    const [first, second] = [left, right].sort();
    return `combining ${first} and ${second} is`;
  });

/** Data as the evaluator takes it; an absent field stays absent. */
const plain = <T>(entries: readonly object[]): readonly T[] => JSON.parse(JSON.stringify(entries));

const compareRejections = (recorded: Scenario, set: PolicySet) => {
  const actual = [...set.rejected];
  const disagreements: Disagreement[] = [];
  const otherMessages: Disagreement[] = [];
  const difference = (policy: string, expected: string, found: string): Disagreement => ({
    scenario: recorded.name,
    subject: `policy ${policy}`,
    expected,
    actual: found,
  });
  for (const { policy, error } of recorded.rejected) {
    // Names repeat across kinds and namespaces: the same message first, then any of that name.
    const named = actual.filter((one) => one.policy.name === policy);
    const found = named.find((one) => normalized(one.error) === normalized(error)) ?? named[0];
    if (found) actual.splice(actual.indexOf(found), 1);
    if (!found) disagreements.push(difference(policy, `rejected: ${error}`, "accepted"));
    else if (normalized(found.error) !== normalized(error)) {
      otherMessages.push(difference(policy, error, found.error));
    }
  }
  for (const { policy, error } of actual) {
    disagreements.push(difference(displayPolicy(policy), "accepted", `rejected: ${error}`));
  }
  return { disagreements, otherMessages };
};

const compareScenario = (recorded: Scenario): ConformanceReport => {
  const set = PolicySet.compile(recorded.policies, {
    hostFirewall: recorded.hostFirewall ?? false,
    nodeSelectorLabels: recorded.nodeSelectorLabels ?? false,
    services: plain(recorded.services),
    cidrGroups: plain(recorded.cidrGroups),
  });
  const evaluator = set.over(plain<Identity>(recorded.identities));
  const rejections = compareRejections(recorded, set);
  const missed = rejections.disagreements.filter(({ actual }) => actual === "accepted").length;
  const unknown = new Set<Disagreement>();
  const flows = recorded.flows.flatMap((expected): Disagreement[] => {
    const verdict = evaluator.evaluate(expected);
    if (summary(expected) === summary(verdict)) return [];
    const { from, to, protocol, port } = expected;
    const difference = {
      scenario: recorded.name,
      subject: `${from} -> ${to} ${port}/${protocol}`,
      expected: summary(expected),
      actual: explain(verdict),
    };
    if (verdict.decision === "unknown") unknown.add(difference);
    return [difference];
  });
  return {
    flows: recorded.flows.length,
    rejections: recorded.rejected.length,
    agreements: recorded.flows.length - flows.length + recorded.rejected.length - missed,
    disagreements: [...rejections.disagreements, ...flows.filter((flow) => !unknown.has(flow))],
    unknown: [...unknown],
    otherMessages: rejections.otherMessages,
  };
};

/** Evaluates every scenario. Throws when a scenario contradicts itself, e.g. names an unknown identity. */
export const compareVectors = ({ scenarios }: Vectors): ConformanceReport => {
  const reports = scenarios.map((recorded) => {
    try {
      return compareScenario(recorded);
    } catch (error) {
      throw new Error(`scenario ${recorded.name}: ${(error as Error).message}`, { cause: error });
    }
  });
  const sum = (field: "flows" | "rejections" | "agreements"): number =>
    reports.reduce((total, entry) => total + entry[field], 0);
  return {
    flows: sum("flows"),
    rejections: sum("rejections"),
    agreements: sum("agreements"),
    disagreements: reports.flatMap(({ disagreements }) => disagreements),
    unknown: reports.flatMap(({ unknown }) => unknown),
    otherMessages: reports.flatMap(({ otherMessages }) => otherMessages),
  };
};
