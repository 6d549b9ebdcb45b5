import { expect, test } from "vitest";
import { parse } from "yaml";
import type { PolicyMode } from "../../../environments/policy-mode.ts";
import { KubectlProvider } from "../../../lib/core/providers/kubectl/provider.ts";
import { Allowance } from "../../../lib/network/allowance.ts";
import { DefaultDeny, defaultDenyPolicy } from "../../../lib/network/default-deny.ts";
import { Peer } from "../../../lib/network/peer.ts";
import { Port } from "../../../lib/network/port.ts";
import { resources, synth } from "../../synth.ts";

const allowance = (name: string) =>
  new Allowance({
    name,
    why: "Because.",
    routes: [{ from: Peer.namespace("a"), to: Peer.namespace("b"), ports: [Port.tcp(80)] }],
  });

const manifests = (mode: PolicyMode, allowances = [allowance("one"), allowance("two")]) => {
  const stack = synth((s) => {
    new KubectlProvider(s, "kubectl", {
      host: "h",
      clusterCaCertificate: "c",
      clientCertificate: "c",
      clientKey: "k",
    });
    new DefaultDeny(s, "network", { mode, allowances, dependsOn: [] });
  });
  const found = resources(stack, "kubectl_manifest").map((block) => ({
    name: parse(block.yaml_body as string).metadata.name as string,
    dependsOn: (block.depends_on ?? []) as string[],
  }));
  return new Map(found.map((manifest) => [manifest.name, manifest.dependsOn]));
};

test("denies both directions to every pod and health endpoint, and to nothing else", () => {
  const denied = { enableDefaultDeny: { ingress: true, egress: true }, ingress: [{}], egress: [{}] };
  expect(defaultDenyPolicy().specs).toMatchObject([
    {
      endpointSelector: {
        matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }],
      },
      ...denied,
    },
    { endpointSelector: { matchLabels: { "reserved:health": "" } }, ...denied },
  ]);
  expect(() => defaultDenyPolicy().validate()).not.toThrow();
});

test("allowances land before the deny", () => {
  const found = manifests("enforce");
  expect(found.get("one")).toEqual([]);
  expect(found.get("platform-default-deny")).toEqual([
    expect.stringMatching(/^kubectl_manifest\.network_one_/),
    expect.stringMatching(/^kubectl_manifest\.network_two_/),
  ]);
});

test("off applies the allowances alone; audit and enforce add the deny", () => {
  expect([...manifests("off").keys()]).toEqual(["one", "two"]);
  expect([...manifests("audit").keys()]).toContain("platform-default-deny");
  expect([...manifests("enforce").keys()]).toContain("platform-default-deny");
});

test("refuses two allowances of one name", () => {
  expect(() => manifests("enforce", [allowance("one"), allowance("one")])).toThrow(
    'allowances: names must be unique: got "one" more than once',
  );
});

test("an edit by hand does not keep an apply from putting a policy right", () => {
  const stack = synth((s) => {
    new KubectlProvider(s, "kubectl", {
      host: "h",
      clusterCaCertificate: "c",
      clientCertificate: "c",
      clientKey: "k",
    });
    new DefaultDeny(s, "network", { mode: "enforce", allowances: [allowance("one")], dependsOn: [] });
  });
  for (const manifest of resources(stack, "kubectl_manifest")) expect(manifest.force_conflicts).toBe(true);
});
