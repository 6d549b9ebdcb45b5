/** `fromCIDR`, `fromCIDRSet`, `toCIDR` and `toCIDRSet`: prefixes, exceptions and CIDR groups. */

import { AddressError, cidrLabelKey, parsePrefix, parsePrefixOrAddress } from "./cidr.ts";
import { CIDR_GROUP_NAME_LABEL } from "./labels.ts";
import type { Peer, PolicySettings } from "./model.ts";
import { RejectionError } from "./rejection.ts";
import { Selector } from "./selector.ts";
import type { WireCidrRule } from "./wire.ts";

/** Every external address. */
export const WORLD = Selector.label("reserved.world");

const cidrKey = (text: string): string => `cidr.${cidrLabelKey(parsePrefixOrAddress(text))}`;

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
 * An address without a prefix length becomes a label key as it is written, so one with capital letters or a zone is
 * no valid key and selects nothing. With a zone and a slash it is no prefix either, and the agent skips it.
 */
const addressSelectors = (cidr: string): Selector[] => {
  if (cidr.includes("/")) return cidr.includes("%") ? [] : [Selector.label(cidrKey(cidr))];
  return [/[A-Z%]/.test(cidr) ? Selector.label("reserved.none") : Selector.label(cidrKey(cidr))];
};

/** `0.0.0.0/0` also selects the external addresses that no prefix covers: the agent knows IPv4 only. */
export const cidrPeers = (cidrs: readonly string[], path: string): Peer[] =>
  cidrs.flatMap((cidr, index) => {
    const at = { type: "selector", origin: "cidr", path: `${path}[${index}]`, text: cidr } as const;
    const selectors = [...addressSelectors(cidr), ...(cidr === "0.0.0.0/0" ? [WORLD] : [])];
    return selectors.map((selector) => ({ ...at, selector }));
  });

export const cidrSetPeers = (
  rules: readonly WireCidrRule[],
  path: string,
  settings: PolicySettings,
): Peer[] =>
  rules.flatMap((rule, index): Peer[] => {
    const text =
      (rule.cidr || rule.cidrGroupRef || "cidrGroupSelector") +
      (rule.except.length > 0 ? ` except ${rule.except.join(", ")}` : "");
    const at = { path: `${path}[${index}]`, text };
    const selected = { ...at, type: "selector", origin: "cidr" } as const;
    const except = rule.except.map((cidr) => ({
      key: cidrKey(cidr),
      operator: "DoesNotExist" as const,
      values: [],
    }));
    if (rule.cidr !== "") {
      const bases = [
        Selector.of({ key: cidrKey(rule.cidr), operator: "Exists", values: [] }, ...except),
        ...(rule.cidr.endsWith("/0") ? [WORLD.with(...except)] : []),
      ];
      return bases.map((selector) => ({ ...selected, selector }));
    }
    const construct = rule.cidrGroupRef === "" ? "cidrGroupSelector" : `cidrGroupRef ${rule.cidrGroupRef}`;
    if (!settings.cidrGroups) return [{ ...at, type: "unknown", construct, among: [WORLD] }];
    const groups = rule.cidrGroupSelector
      ? Selector.parse(rule.cidrGroupSelector, (key) => `cidrgroup.${key}`)
      : Selector.of({
          key: `cidrgroup.${CIDR_GROUP_NAME_LABEL}/${rule.cidrGroupRef}`,
          operator: "Exists",
          values: [],
        });
    return [{ ...selected, selector: groups.with(...except) }];
  });
