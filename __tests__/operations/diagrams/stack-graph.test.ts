import { describe, expect, test } from "vitest";
import { type StackSource, stackGraph } from "../../../operations/diagrams/stack-graph.ts";
import { stackSource } from "./stacks.ts";

const backup = stackSource({ name: "backup", outputs: { "access-key": "${var.access_key}" } });
const cluster = stackSource({
  name: "cluster",
  outputs: {
    "client-key": "${talos_cluster_kubeconfig.cluster.kubernetes_client_configuration.client_key}",
    ca: '${talos_cluster_kubeconfig.cluster["ca"].value}',
    kubeconfig: "${talos_cluster_kubeconfig.cluster.kubeconfig_raw}",
  },
});
const platform = stackSource({
  name: "platform",
  reads: { backup: ["access-key"], cluster: ["client-key", "ca"] },
  dependencies: ["backup", "cluster"],
});
const apps = stackSource({
  name: "apps",
  reads: { cluster: ["client-key", "ca"] },
  dependencies: ["cluster", "platform"],
});

const clientKey = "talos_cluster_kubeconfig.cluster.kubernetes_client_configuration.client_key";
const ca = 'talos_cluster_kubeconfig.cluster["ca"].value';

describe("crossings", () => {
  test("values that the same stacks read cross together; a stack that only waits is named too", () => {
    expect(stackGraph([backup, cluster, platform, apps]).crossings).toEqual([
      { from: "backup", to: ["platform"], values: ["var.access_key"] },
      { from: "cluster", to: ["platform", "apps"], values: [clientKey, ca] },
      { from: "platform", to: ["apps"], values: [] },
    ]);
  });

  test("values that different stacks read cross apart", () => {
    const onlyKey = stackSource({ name: "apps", reads: { cluster: ["client-key"] } });
    expect(stackGraph([backup, cluster, platform, onlyKey]).crossings.slice(1)).toEqual([
      { from: "cluster", to: ["platform", "apps"], values: [clientKey] },
      { from: "cluster", to: ["platform"], values: [ca] },
    ]);
  });

  test("a value that is more than one reference keeps the name of its output", () => {
    const source = stackSource({ name: "cluster", outputs: { host: "https://${var.vip}:6443" } });
    const reader = stackSource({ name: "platform", reads: { cluster: ["host"] } });
    expect(stackGraph([source, reader]).crossings).toEqual([
      { from: "cluster", to: ["platform"], values: ["host"] },
    ]);
  });

  test("reading a stack below, or a state of nobody, is refused", () => {
    expect(() => stackGraph([platform, backup, cluster])).toThrow(
      /platform: data\.terraform_remote_state\.\S+\.outputs\.access-key must read the state of a stack above it: got states\/backup/,
    );
    expect(() => stackGraph([cluster, apps, platform])).toThrow("got states/backup");
  });
});

test("facts of a stack: its state, providers, variables, and the outputs that no stack reads", () => {
  const json = {
    ...cluster.json,
    provider: { talos: [{}], aws: [{}] },
    variable: { second: {}, first: {} },
  };
  const [facts] = stackGraph([{ ...cluster, json }, apps]).stacks;
  expect(facts).toEqual({
    name: "cluster",
    state: "states/cluster",
    providers: ["aws", "talos"],
    variables: ["first", "second"],
    outputs: ["kubeconfig"],
  });
  const bare: StackSource = { name: "bare", json: {}, dependencies: [] };
  expect(stackGraph([bare]).stacks[0]).toMatchObject({ providers: [], variables: [], outputs: [] });
});
