import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { parseEnvironment } from "../../environments/schema.ts";
import { apps } from "../../examples/one-node/apps.ts";
import { home } from "../../examples/one-node/environment.ts";
import { apps as rackApps } from "../../examples/three-nodes/apps.ts";
import { rack } from "../../examples/three-nodes/environment.ts";
import { app } from "../../lib/app/declaration.ts";
import { fieldsOf, listOf } from "../../lib/core/fields.ts";
import { synthesizeHomelab } from "../../stacks/homelab.ts";
import { type Changes, changed, linesOf } from "../environments/lab.ts";

const OFF = { off: "can be made again from what the app reads" };

const refused = (changes: Changes): string[] => linesOf(() => parseEnvironment(changed(home, changes)));
const withoutRisk = (id: string) => ({ acceptedRisks: home.acceptedRisks.filter((risk) => risk.id !== id) });

describe("one node on a flat network, without S3", () => {
  const directory = mkdtempSync(join(tmpdir(), "one-node-"));
  const json = (layer: string) =>
    JSON.parse(readFileSync(join(directory, "stacks", `home-${layer}`, "cdk.tf.json"), "utf8"));
  let report = "";
  beforeAll(() => {
    report = synthesizeHomelab([home], apps, directory);
  });

  test("synthesizes, and its network is proved", () => {
    expect(report).toMatch(/home-platform/);
  });

  test("a host that no gateway serves, and a volume that no driver makes, are said", () => {
    const served = "nothing serves whoami.home.example.org of whoami";
    const made = "nothing makes the volume data of keeper: the class local-path-retain comes from the GitOps";
    expect(report).toContain(`home: ${served}`);
    expect(report).not.toContain(made);
    const storage = { data: { class: "local-path-retain", size: "1Gi", mount: "/data", backup: OFF } };
    const keeper = app("keeper", {
      image: "example/keeper:v1.0.0",
      port: 80,
      size: "xs",
      storage,
      environments: ["home"],
      isolated: "keeps things",
    });
    const more = synthesizeHomelab([home], [...apps, keeper], mkdtempSync(join(tmpdir(), "one-node-")));
    expect(more).toContain(`home: ${made}`);
    const synced = changed(home, { gitops: { ...home.gitops, revision: "main" } });
    const elsewhere = synthesizeHomelab([synced], apps, mkdtempSync(join(tmpdir(), "one-node-")));
    expect(elsewhere).not.toContain(served);
  });

  test("the uplink itself has the address, the route and the virtual IP", () => {
    const configuration = fieldsOf(fieldsOf(json("cluster").data).talos_machine_configuration);
    const patches = listOf(fieldsOf(configuration.node_mini).config_patches).map((text) =>
      parse(String(text)),
    );
    const machine = patches.find((patch) => patch.machine?.network)?.machine.network;
    expect(machine.interfaces).toMatchObject([
      {
        interface: "enx7c8334000001",
        addresses: ["192.168.1.20/24"],
        routes: [{ gateway: "192.168.1.1" }],
        vip: { ip: "192.168.1.21" },
        vlans: [],
      },
    ]);
  });

  test("states lie in a directory of the checkout, which the layers read from each other", () => {
    expect(json("platform").terraform.backend).toEqual({
      local: { path: "../../../state/home-platform.tfstate" },
    });
    expect(JSON.stringify(json("platform").data.terraform_remote_state)).toContain(
      "../../../state/home-cluster.tfstate",
    );
  });

  test("nothing is backed up, and nothing is opened for it", () => {
    expect(json("backup").resource).toBeUndefined();
    expect(JSON.stringify(json("platform"))).not.toContain("etcd-backup");
  });

  test("another secret store than Infisical needs none of its credentials", () => {
    expect(JSON.stringify(json("platform"))).not.toContain("infisical");
  });

  test("a short host lies in the domain of the environment", () => {
    expect(JSON.stringify(json("apps"))).toContain("whoami.home.example.org");
  });

  test("nothing is called after another homelab", () => {
    const all = ["backup", "cluster", "platform", "apps"].map((layer) => JSON.stringify(json(layer))).join();
    expect(all).not.toMatch(/synelia|vixens|truxonline/i);
    expect(all).toContain("homelab-critical");
  });

  test("objects are called after what the environment says", () => {
    const other = mkdtempSync(join(tmpdir(), "one-node-"));
    const names = { prefix: "attic", manager: "attic-hands", sizing: "sizes.example.org" };
    synthesizeHomelab([{ ...home, names, gitops: { ...home.gitops, revision: "main" } }], apps, other);
    const text = (layer: string) => readFileSync(join(other, `stacks/home-${layer}/cdk.tf.json`), "utf8");
    expect(text("platform")).toContain('"name": "attic-critical"');
    expect(text("platform")).toContain("attic-home-pool");
    expect(text("apps")).toContain("attic-app-of-apps");
    expect(text("apps")).toContain('"field_manager": "attic-hands"');
    expect(text("apps")).toContain("sizes.example.org/sizing.main");
    expect(text("platform") + text("apps")).not.toContain("homelab");
  });

  test("each absence needs its risk", () => {
    expect(refused(withoutRisk("backup-none"))).toEqual([expect.stringContaining("backup-none")]);
    expect(refused(withoutRisk("state-local"))).toEqual([expect.stringContaining("state-local")]);
    expect(refused({ state: { kind: "kubernetes", namespace: "tf" } }).join()).toContain("state-kubernetes");
  });

  test("states in Secrets are read from Secrets", () => {
    const risks = home.acceptedRisks.map((risk) =>
      risk.id === "state-local" ? { ...risk, id: "state-kubernetes" } : risk,
    );
    const other = mkdtempSync(join(tmpdir(), "one-node-"));
    const state = { kind: "kubernetes" as const, namespace: "terraform" };
    synthesizeHomelab([{ ...home, state, acceptedRisks: risks }], apps, other);
    const text = readFileSync(join(other, "stacks/home-platform/cdk.tf.json"), "utf8");
    const { terraform, data } = JSON.parse(text);
    expect(terraform.backend).toEqual({
      kubernetes: { secret_suffix: "home-platform", namespace: "terraform" },
    });
    expect(JSON.stringify(data.terraform_remote_state)).toContain('"secret_suffix":"home-cluster"');
  });

  test("IPv6 is refused in so many words", () => {
    expect(refused({ "cluster.podSubnet": "fd00:10::/56" })).toEqual([
      expect.stringMatching(/cluster\.podSubnet: .*IPv6 and dual stack/),
    ]);
    expect(refused({ "nodes.0.nameservers": ["fd00::1"] })).toEqual([
      expect.stringMatching(/IPv6 and dual stack/),
    ]);
  });
});

describe("three control planes behind a virtual IP", () => {
  const directory = mkdtempSync(join(tmpdir(), "three-nodes-"));
  const text = (layer: string) =>
    readFileSync(join(directory, "stacks", `rack-${layer}`, "cdk.tf.json"), "utf8");
  beforeAll(() => {
    synthesizeHomelab([rack], rackApps, directory);
  });

  test("each may hold the virtual IP, and runs apps", () => {
    const { talos_machine_configuration: machines } = fieldsOf(JSON.parse(text("cluster")).data);
    const patches = Object.values(fieldsOf(machines)).map((each) =>
      JSON.stringify(fieldsOf(each).config_patches),
    );
    expect(patches).toHaveLength(3);
    for (const patch of patches) {
      expect(patch).toContain("10.20.10.10");
      expect(patch).toContain("allowSchedulingOnControlPlanes");
    }
  });

  test("two control planes are refused: neither could be lost", () => {
    const without = { ...rack, nodes: rack.nodes.slice(0, 2) };
    expect(linesOf(() => parseEnvironment(without))).toEqual([expect.stringMatching(/nodes: /)]);
  });

  test("secrets are fetched, and the way to the store is open to the operator alone", () => {
    expect(text("apps")).toContain('\\"kind\\":\\"ExternalSecret\\"');
    expect(text("apps").match(/10\.20\.10\.5\/32/g)).toHaveLength(1);
  });
});
