/**
 * `fromCIDR`, `fromCIDRSet`, `toCIDR` and `toCIDRSet`: prefixes, exceptions and CIDR groups.
 *
 * A prefix becomes a selector on `cidr` labels, which addresses that no prefix covers do not have: these carry
 * the label `world` only. The agent knows IPv4 only. Before 1.19 `0.0.0.0/0` in a CIDR, and any prefix of length 0 in
 * a CIDR rule, also selects `world`, whatever the family; since then a prefix of length 0 is `world` for IPv4
 * and `world-ipv6` for IPv6, and nothing else.
 */

import { AddressError, cidrLabelKey, parsePrefix, parsePrefixOrAddress } from "./cidr.ts";
import { CIDR_GROUP_NAME_LABEL } from "./labels.ts";
import { isAtLeast, type PolicyPeer, type PolicySettings, worldLabel } from "./model.ts";
import { RejectionError } from "./rejection.ts";
import { type Requirement, Selector } from "./selector.ts";
import type { WireCidrRule } from "./wire.ts";

/** Every external address. */
export const WORLD: readonly Selector[] = ["world", "world-ipv6"].map((name) =>
  Selector.label(`reserved.${name}`),
);

/** The extended key of the label that addresses in the prefix have. */
const cidrKey = (text: string, settings: PolicySettings): string => {
  const prefix = parsePrefixOrAddress(text);
  return prefix.bits === 0 && isAtLeast(settings, 19)
    ? `reserved.${worldLabel(prefix.family, settings)}`
    : `cidr.${cidrLabelKey(prefix)}`;
};

const exists = (key: string): Requirement => ({ key, operator: "Exists", values: [] });

export const checkCidr = (cidr: string): void => {
  if (cidr === "") throw new RejectionError("IP must be specified");
  try {
    parsePrefixOrAddress(cidr);
  } catch (error) {
    if (error instanceof AddressError) throw new RejectionError(`unable to parse CIDR: ${error.message}`);
    throw error;
  }
};

export const checkCidrRule = ({ cidr, cidrGroupRef, cidrGroupSelector, except }: WireCidrRule): void => {
  const groups = cidrGroupSelector && Selector.parse(cidrGroupSelector, (key) => `cidrgroup.${key}`);
  const given = [cidr !== "", cidrGroupRef !== "", groups !== undefined].filter(Boolean).length;
  if (given === 0) throw new RejectionError("one of cidr, cidrGroupRef, or cidrGroupSelector is required");
  if (given > 1)
    throw new RejectionError("more than one of cidr, cidrGroupRef, or cidrGroupSelector may not be set");
  if (cidr === "") return;
  try {
    parsePrefix(cidr);
  } catch (error) {
    if (error instanceof AddressError)
      throw new RejectionError(`unable to parse CIDRRule "${cidr}": ${error.message}`);
    throw error;
  }
  const outer = parsePrefix(cidr);
  for (const text of except) {
    const inner = parsePrefix(text);
    if (inner.family !== outer.family || inner.first < outer.first || inner.first > outer.last) {
      throw new RejectionError(`allow CIDR prefix ${cidr} does not contain exclude CIDR prefix ${text}`);
    }
  }
};

/**
 * With a zone and a slash it is no prefix, and the agent skips it. Before 1.19 an address without a prefix length
 * becomes a label key as it is written, so one with capital letters or a zone is no valid key and selects nothing;
 * since then it is read as an address, and one with a zone is skipped.
 */
const addressSelectors = (cidr: string, settings: PolicySettings): Selector[] => {
  const parsed = isAtLeast(settings, 19);
  if (cidr.includes("%") && (parsed || cidr.includes("/"))) return [];
  if (!parsed && !cidr.includes("/") && /[A-Z%]/.test(cidr)) return [Selector.label("reserved.none")];
  const selector = Selector.of(exists(cidrKey(cidr, settings)));
  return cidr === "0.0.0.0/0" ? [selector, Selector.label("reserved.world")] : [selector];
};

export const cidrPeers = (cidrs: readonly string[], path: string, settings: PolicySettings): PolicyPeer[] =>
  cidrs.flatMap((cidr, index) =>
    addressSelectors(cidr, settings).map((selector) => ({
      type: "selector",
      origin: "cidr",
      path: `${path}[${index}]`,
      selector,
      text: cidr,
    })),
  );

export const cidrSetPeers = (
  rules: readonly WireCidrRule[],
  path: string,
  settings: PolicySettings,
): PolicyPeer[] =>
  rules.flatMap((rule, index): PolicyPeer[] => {
    const text =
      (rule.cidr || rule.cidrGroupRef || "cidrGroupSelector") +
      (rule.except.length > 0 ? ` except ${rule.except.join(", ")}` : "");
    const at = { path: `${path}[${index}]`, text };
    const selected = { ...at, type: "selector", origin: "cidr" } as const;
    const except = rule.except.map(
      (cidr): Requirement => ({
        key: cidrKey(cidr, settings),
        operator: "DoesNotExist",
        values: [],
      }),
    );
    if (rule.cidr !== "") {
      const withWorld = rule.cidr.endsWith("/0") && !isAtLeast(settings, 19);
      const keys = [cidrKey(rule.cidr, settings), ...(withWorld ? ["reserved.world"] : [])];
      return keys.map((key) => ({ ...selected, selector: Selector.of(exists(key), ...except) }));
    }
    const construct = rule.cidrGroupRef === "" ? "cidrGroupSelector" : `cidrGroupRef ${rule.cidrGroupRef}`;
    if (!settings.cidrGroups) return [{ ...at, type: "unknown", construct, among: WORLD }];
    const groups = rule.cidrGroupSelector
      ? Selector.parse(rule.cidrGroupSelector, (key) => `cidrgroup.${key}`)
      : Selector.of(exists(`cidrgroup.${CIDR_GROUP_NAME_LABEL}/${rule.cidrGroupRef}`));
    return [{ ...selected, selector: groups.with(...except) }];
  });
