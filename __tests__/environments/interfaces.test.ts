import { expect, test } from "vitest";
import { interfacePattern, vlanInterfaceName } from "../../environments/interfaces.ts";

test.each([
  ["eth0", 1, "eth0.1"],
  ["en9s0", 4095, "en9s0.4095"],
  ["0123456789", 4095, "0123456789.4095"],
  ["enx12545f8c99cd", 25, "enx1ee6413.25"],
  ["enx12545f8c99ce", 4095, "enx1ef972f.4095"],
])("Talos calls VLAN %s %i by the name %s", (parent, id, name) => {
  expect(vlanInterfaceName(parent, id)).toBe(name);
});

test.each([
  ["^en.*\\.208$", "enx0d7e0e3.208", true],
  ["^en.*\\.208$", "eth0.208", false],
  ["th0", "eth0.208", true],
  ["(?i)^ETH", "eth0.208", true],
  ["(?P<name>eth)", "eth0", true],
  ["\\Aeth0\\z", "eth0", true],
  ["\\Aeth0\\z", "eth01", false],
])("%s on %s: %s", (source, name, expected) => {
  expect(interfacePattern(source)?.test(name)).toBe(expected);
});

test.each(["eth[", "(", "*", "^eth(?!1)", "(?=e)", "(?<!x)e", "(e)\\1", "(?<n>e)\\k<n>"])(
  "Go refuses %s",
  (source) => {
    expect(interfacePattern(source)).toBeUndefined();
  },
);
