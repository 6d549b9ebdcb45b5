/** Names of network interfaces, as Talos makes them and as Cilium matches them. */
import { createHash } from "node:crypto";

const LONGEST_NAME = 15;
/** A dot and four digits. */
const VLAN_SUFFIX = 5;
const KEPT_PREFIX = 4;

/**
 * Talos' name of a VLAN interface: `enp3s0.201`; a parent whose name is too long is shortened to four characters and
 * a hash, so that `enx12545f8c99cd` gives `enx1ee6413.25`. Without a tag it is the parent.
 *
 * Source: https://github.com/siderolabs/talos/blob/v1.12.4/pkg/machinery/nethelpers/vlan.go
 */
export const vlanInterfaceName = (parent: string, vlanId: number | null): string => {
  if (vlanId === null) return parent;
  if (parent.length + VLAN_SUFFIX <= LONGEST_NAME) return `${parent}.${vlanId}`;
  const bytes = (LONGEST_NAME - KEPT_PREFIX - VLAN_SUFFIX) / 2;
  const hash = createHash("sha256")
    .update(parent)
    .digest("hex")
    .slice(0, bytes * 2);
  return `${parent.slice(0, KEPT_PREFIX)}${hash}.${vlanId}`;
};

/** The network with that id, for people. */
export const networkName = (vlanId: number | null | undefined): string =>
  vlanId === null ? "the network without tags" : `VLAN ${vlanId}`;

/** `enx00155d00cb10` is the uplink with the MAC address 00:15:5d:00:cb:10; other names do not say. */
export const macOfInterface = (name: string): string | undefined =>
  name.startsWith("enx") ? name.slice(3).match(/../g)?.join(":") : undefined;

/** Syntax that JavaScript reads and Go does not: look-around and back-references. */
const NOT_IN_GO = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/**
 * Reads a regular expression as Cilium does, which matches anywhere in the name; undefined when Go refuses it.
 *
 * Source: https://github.com/google/re2/wiki/Syntax
 */
export const interfacePattern = (source: string): RegExp | undefined => {
  if (NOT_IN_GO.test(source)) return undefined;
  const [, flags = "", rest = source] = /^\(\?([is]+)\)(.*)$/s.exec(source) ?? [];
  try {
    return new RegExp(rest.replaceAll("(?P<", "(?<").replaceAll("\\A", "^").replaceAll("\\z", "$"), flags);
  } catch {
    return undefined;
  }
};
