/** One flow, decided with the reasons of both of its sides. */
import { UsageError } from "../../lib/core/usage-error.ts";
import type { PolicyPort } from "../../lib/proofs/evaluator/endpoint-policy.ts";
import type { Identity } from "../../lib/proofs/evaluator/identities.ts";
import { displayPolicy } from "../../lib/proofs/evaluator/model.ts";
import type { FlowProtocol } from "../../lib/proofs/evaluator/ports.ts";
import type { Verdict } from "../../lib/proofs/evaluator/verdict.ts";
import { Directory } from "./directory.ts";
import { exceptionNotes } from "./exception-notes.ts";
import { Reasons, type VerdictExplanation } from "./reasons.ts";
import { type Scene, type SceneOptions, sceneOf } from "./scene.ts";
import { translatedPort } from "./services.ts";
import type { SynthesizedNetwork } from "./synthesized.ts";

const PROTOCOLS: readonly FlowProtocol[] = ["TCP", "UDP", "SCTP", "ICMP", "ICMPv6"];
const PING: Readonly<Record<string, number>> = { ICMP: 8, ICMPv6: 128 };

/** The port is not one. */
export class PortError extends UsageError {}

/**
 * `53/UDP`; without a protocol TCP. `icmp` and `icmpv6` are echo requests, `3/ICMP` a type.
 * Throws a PortError.
 */
export const parsePort = (text: string): PolicyPort => {
  const [, digits, , name = "TCP"] = /^(\d+)?(\/?([A-Za-z][A-Za-z0-9]*))?$/.exec(text.trim()) ?? [];
  const protocol = PROTOCOLS.find((known) => known.toLowerCase() === name.toLowerCase());
  const port = digits === undefined ? PING[protocol ?? ""] : Number(digits);
  const isIcmp = protocol?.startsWith("ICMP");
  if (!protocol || port === undefined || port > (isIcmp ? 255 : 65535) || (port === 0 && !isIcmp))
    throw new PortError(
      `--port: must be a port and a protocol (${PROTOCOLS.join(", ")}), e.g. 53/UDP: got ${JSON.stringify(text)}`,
    );
  return { protocol, port };
};

export interface QuestionProps extends SceneOptions {
  readonly network: SynthesizedNetwork;
  /** Names, see `Directory`. */
  readonly from: string;
  readonly to: string;
  readonly port: PolicyPort;
  /** Takes a port of a Service for the one at its pods. @default false */
  readonly translatesServices?: boolean;
}

/** The output of `--json`. */
export interface Answer {
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: FlowProtocol;
  readonly port: number;
  readonly verdict: Verdict["decision"];
  /** The side that denies; egress when both do. */
  readonly deniedBy: Verdict["deniedBy"];
  readonly egress: VerdictExplanation;
  readonly ingress: VerdictExplanation;
  /** The cluster's treatment of denied flows: dropped, or only logged. */
  readonly enforcement: "enforced" | "audited";
  /** The number of policies that were asked. */
  readonly policies: number;
  /** Notes that one must know to read the verdict rightly. */
  readonly notes: readonly string[];
}

/** Throws an UnknownNameError when an end has no such name. */
export const answer = (props: QuestionProps): Answer => {
  const { network } = props;
  const scene = sceneOf([network], props);
  const directory = new Directory(scene);
  const served = translated(props);
  const [from, to] = [directory.resolve(props.from), directory.resolve(served.to)];
  const translates = props.translatesServices === true && served.notes.length === 0;
  const { port, notes } = translates ? translatedPort(to.identity, props.port, network.services) : served;
  const verdict = decide(scene, [from.identity, to.identity], port);
  const reasons = new Reasons(scene.objects[0] ?? []);
  const neither = verdict.egress.decision === "not-evaluated" && verdict.ingress.decision === "not-evaluated";
  return {
    environment: network.environment,
    from: from.identity.id,
    to: to.identity.id,
    ...port,
    verdict: verdict.decision,
    deniedBy: verdict.deniedBy,
    egress: reasons.explain(verdict.egress),
    ingress: reasons.explain(verdict.ingress),
    enforcement: network.audit ? "audited" : "enforced",
    policies: scene.objects[0]?.length ?? 0,
    notes: [
      ...from.notes,
      ...to.notes,
      ...notes,
      ...(neither ? ["no policy decides this flow: neither end is an endpoint"] : []),
      ...(network.audit ? ["policies are audited: what they deny is logged and not dropped"] : []),
      ...rejections(scene),
      ...exceptionNotes(network.policies),
    ],
  };
};

/** The destination as the policy sees it: an address of the cluster is translated before. */
const translated = ({
  network,
  to,
  port,
}: QuestionProps): { readonly to: string; readonly port: PolicyPort; readonly notes: readonly string[] } => {
  const served = network.served.get(to.trim().replace(/^fqdn:/, ""));
  if (!served) return { to, port, notes: [] };
  const behind = { ...port, port: served.ports[port.port] ?? port.port };
  const shown = `${behind.port}/${behind.protocol}`;
  return {
    to: served.name,
    port: behind,
    notes: [`${to} is translated before the policy: asked for ${served.name} on ${shown}`],
  };
};

/** Policies that the agent refuses, so that they have no effect. */
export const rejections = ({ sets }: Pick<Scene, "sets">): readonly string[] => [
  ...new Set(
    sets.flatMap(({ rejected }) =>
      rejected.map(({ policy, error }) => `Cilium rejects ${displayPolicy(policy)}: ${error}`),
    ),
  ),
];

const decide = (scene: Scene, ends: readonly [Identity, Identity], port: PolicyPort): Verdict => {
  const ids = new Set(ends.map(({ id }) => id));
  const others = scene.identities.filter(({ id }) => !ids.has(id));
  const asked = [...new Map(ends.map((end) => [end.id, end])).values()];
  const [set] = scene.sets;
  if (!set) throw new Error("scene: must hold a network");
  return set.over([...others, ...asked]).evaluate({ from: ends[0].id, to: ends[1].id, ...port });
};

/** The verdict and the chain of its reasons, for people. */
export const displayAnswer = (answered: Answer): string => {
  const { environment, from, to, port, protocol, verdict, egress, ingress, policies, enforcement } = answered;
  return [
    `${environment}: ${from} → ${to} ${port}/${protocol}: ${verdict}`,
    ...displaySide(`egress of ${from}`, egress),
    ...displaySide(`ingress of ${to}`, ingress),
    `  decided by ${policies} policies, ${enforcement}`,
    ...answered.notes.map((note) => `  note: ${note}`),
  ].join("\n");
};

const displaySide = (title: string, { decision, text, why }: VerdictExplanation): string[] => [
  `  ${title}: ${text.startsWith(decision) ? text : `${decision}: ${text}`}`,
  ...(why === undefined ? [] : [`    ${why}`]),
];
