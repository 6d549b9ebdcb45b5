import { expect, test } from "vitest";
import { machineConfigurationPatches } from "../../../lib/talos/patches.ts";
import { changesOf, displayPath } from "../../../operations/guard/changes.ts";
import { onlyVersions } from "../../../operations/guard/machines.ts";
import type { ResourceChange } from "../../../operations/guard/terraform-plan.ts";
import { cluster, IMAGE, node } from "../../lib/talos/clusters.ts";

const written = (talosVersion: string): string =>
  machineConfigurationPatches(cluster({ talosVersion }))(node("daisy", 165, { role: "worker" }), IMAGE)
    .filter((text) => !text.startsWith("cluster:"))
    .join("---\n");

const update = (before: string, after: string): ResourceChange => ({
  address: "talos_machine_configuration_apply.node_daisy",
  type: "talos_machine_configuration_apply",
  name: "node_daisy",
  provider: "registry.terraform.io/siderolabs/talos",
  kind: "update",
  actions: ["update"],
  imported: false,
  before: { machine_configuration: before },
  after: { machine_configuration: after },
  afterUnknown: {},
  beforeSensitive: {},
  afterSensitive: {},
});

const changes = (before: string, after: string): string[] =>
  changesOf(update(before, after)).map((each) => `${each.kind} ${each.name} ${displayPath(each)}`);

test("network and time that move to documents and say the same are no change", () => {
  expect(changes(written("v1.12.4"), written("v1.13.9"))).toEqual([]);
  expect(changes(written("v1.13.9"), written("v1.12.4"))).toEqual([]);
});

test("an address that changes on the way is a change", () => {
  const moved = written("v1.13.9").replace("192.168.208.165/24", "192.168.208.99/24");
  expect(changes(written("v1.12.4"), moved)).toEqual(["VLANConfig enp1s0.208 addresses.address"]);
});

test("a document that goes on the way is a change", () => {
  const without = written("v1.13.9")
    .split("---\n")
    .filter((text) => !text.includes("ResolverConfig"))
    .join("---\n");
  expect(changes(written("v1.12.4"), without)).toEqual(["ResolverConfig  whole"]);
});

test("machines whose links move to documents go one after the other, though only versions change beside it", () => {
  const newer = (text: string): string => text.replace(/abc:v[\d.]+/, "abc:v1.13.9");
  expect(onlyVersions(update(written("v1.12.4"), newer(written("v1.12.4"))))).toBe(true);
  expect(onlyVersions(update(written("v1.12.4"), newer(written("v1.13.9"))))).toBe(false);
});
