/**
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, parsed as the agent does: a rule that it refuses refuses
 * the whole object (`pkg/k8s/apis/cilium.io/v2`, `pkg/policy/api/rule_validation.go`).
 */

import { fieldsAt, listAt } from "./decode.ts";
import { NAMESPACE_KEY } from "./labels.ts";
import { isAtLeast, type PolicyRef, type PolicyRule, type PolicySettings, type PolicySpec } from "./model.ts";
import { checkPeers, type PeerScope, peersOf, requirementsOf } from "./parse-peers.ts";
import { checkFqdn, parsePorts } from "./parse-ports.ts";
import { RejectionError } from "./rejection.ts";
import { type Requirement, Selector } from "./selector.ts";
import { type Direction, decodeRule, type WireItem, type WireRule } from "./wire.ts";

/** Authentication modes under which a flow depends on more than the policy. */
const AUTHENTICATION = ["required", "test-always-fail"];

interface ParsedItem {
  readonly rule: PolicyRule;
  readonly requirements: readonly Requirement[];
}

const parseItem = (
  item: WireItem,
  rule: Pick<PolicyRule, "policy" | "path" | "direction" | "deny">,
  selectsNodes: boolean,
  scope: PeerScope,
): ParsedItem => {
  const { direction, deny, path } = rule;
  const checked = checkPeers(item, direction, scope);
  const ports = parsePorts(item, { ingress: direction === "ingress", deny, selectsNodes });
  for (const fqdn of item.fqdns ?? []) {
    if (fqdn.matchName !== "" && fqdn.matchPattern !== "") {
      throw new RejectionError("only one of MatchName or MatchPattern is allowed in an FQDNSelector");
    }
    checkFqdn(fqdn);
  }
  return {
    rule: {
      ...rule,
      ports,
      peers: peersOf(item, checked, path, { direction, deny, hasPorts: ports !== undefined }, scope),
      narrowable: checked.endpoints !== undefined,
      constructs: AUTHENTICATION.includes(item.authentication)
        ? [`authentication ${item.authentication}`]
        : [],
    },
    requirements: requirementsOf(checked, scope),
  };
};

/**
 * Checks one rule of an object, as `Rule.Sanitize` does.
 * @param extend how the keys of its selectors become extended ones
 */
export const parseRule = (
  wire: WireRule,
  policy: PolicyRef,
  path: string,
  settings: PolicySettings,
  extend?: (key: string) => string,
): PolicySpec => {
  const enforces = {
    ingress: wire.ingress.length + wire.ingressDeny.length > 0,
    egress: wire.egress.length + wire.egressDeny.length > 0,
  };
  if (!enforces.ingress && !enforces.egress) {
    throw new RejectionError("rule must have at least one of Ingress, IngressDeny, Egress, EgressDeny");
  }
  const { endpointSelector, nodeSelector } = wire;
  if (endpointSelector && nodeSelector) {
    throw new RejectionError("rule cannot have both EndpointSelector and NodeSelector");
  }
  const raw = endpointSelector ?? nodeSelector;
  if (!raw) throw new RejectionError("rule must have one of EndpointSelector or NodeSelector");
  const subject = Selector.parse(raw, extend);
  const selectsNodes = nodeSelector !== undefined;
  const scope: PeerScope = {
    settings,
    namespace: policy.namespace,
    selectsInit: !selectsNodes && subject.hasKey("reserved.init"),
    ...(extend ? { extend } : {}),
  };
  const parseItems = (direction: Direction, deny: boolean): ParsedItem[] => {
    const field = deny ? (`${direction}Deny` as const) : direction;
    return wire[field].map((item, index) =>
      parseItem(
        item,
        { policy, path: item.paths?.rule ?? `${path}.${field}[${index}]`, direction, deny },
        selectsNodes,
        scope,
      ),
    );
  };
  const ingress = parseItems("ingress", false);
  const ingressDeny = parseItems("ingress", true);
  const egress = parseItems("egress", false);
  const egressDeny = parseItems("egress", true);
  const requirements = (items: readonly ParsedItem[]) => items.flatMap((item) => item.requirements);
  const namespaced = policy.namespace !== undefined && !extend;
  return {
    policy,
    path,
    subject: namespaced ? subject.withLabel(NAMESPACE_KEY, policy.namespace) : subject,
    selectsNodes,
    rules: [...ingress, ...ingressDeny, ...egress, ...egressDeny].map(({ rule }) => rule),
    enforces,
    defaultDeny: {
      ingress: wire.enableDefaultDeny.ingress ?? enforces.ingress,
      egress: wire.enableDefaultDeny.egress ?? enforces.egress,
    },
    declaredDefaultDeny: wire.enableDefaultDeny,
    requirements: {
      allow: { ingress: requirements(ingress), egress: requirements(egress) },
      deny: { ingress: requirements(ingressDeny), egress: requirements(egressDeny) },
    },
  };
};

/** Since 1.19 the agent cannot decode an object with a requirement. */
const refuseRequirements = (wire: WireRule, path: string): void => {
  for (const direction of ["ingress", "egress"] as const) {
    const field = direction === "ingress" ? "fromRequires" : "toRequires";
    for (const section of [direction, `${direction}Deny`] as const) {
      const index = wire[section].findIndex(({ requires }) => requires !== undefined);
      if (index >= 0) {
        throw new RejectionError(
          `cannot decode ${path}.${section}[${index}].${field}: gone since Cilium 1.19`,
        );
      }
    }
  }
};

/** The specs of an object. Throws with the agent's message when it refuses the object. */
export const parseCiliumPolicy = (
  object: unknown,
  policy: PolicyRef,
  settings: PolicySettings,
): readonly PolicySpec[] => {
  const { spec, specs } = fieldsAt(object, "object");
  const wires = [
    ...(spec === undefined || spec === null
      ? []
      : [{ path: "spec", field: "spec", wire: decodeRule(spec, "spec") }]),
    ...(listAt(specs, "specs", decodeRule) ?? []).map((wire, index) => ({
      path: `specs[${index}]`,
      field: "specs",
      wire,
    })),
  ];
  if ((spec === undefined || spec === null) && (specs === undefined || specs === null)) {
    throw new RejectionError(`Invalid ${policy.kind} spec(s): empty policy`);
  }
  if (isAtLeast(settings, 19)) {
    for (const { path, wire } of wires) refuseRequirements(wire, path);
  }
  return wires.map(({ path, field, wire }) => {
    let parsed: PolicySpec;
    try {
      parsed = parseRule(wire, policy, path, settings);
    } catch (error) {
      if (!(error instanceof RejectionError)) throw error;
      throw new RejectionError(`Invalid ${policy.kind} ${field}: ${error.message}`);
    }
    if (parsed.selectsNodes && policy.namespace !== undefined) {
      throw new RejectionError(`Invalid ${policy.kind} spec: rule cannot have NodeSelector`);
    }
    return parsed;
  });
};
