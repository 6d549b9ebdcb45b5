import { describe, expect, test } from "vitest";
import { offlineStack } from "../../../labs/contract/offline-stack.ts";
import { homelab, stackOf } from "../../stacks/homelab.ts";

const CREDENTIALS = { certificate: "CERTIFICATE", key: "KEY" };
const offline = (name: string) => offlineStack(stackOf(homelab(), name), homelab().stacks, CREDENTIALS);

describe("the platform", () => {
  const { json, files, variables, without, creates } = offline("dev-platform");

  test("is without what asks a server, and says so", () => {
    expect(without.map((address) => address.replace(/_[0-9A-F]{8}$/, "")).sort()).toEqual([
      "data.http.api_server_ready",
      "helm_release.argocd_release",
      "helm_release.cilium_release",
    ]);
    expect(JSON.stringify(json)).not.toContain("helm_release.");
    expect(creates.some((address) => address.startsWith("kubectl_manifest."))).toBe(true);
    expect(creates.some((address) => address.startsWith("helm_release."))).toBe(false);
  });

  test("keeps no state elsewhere, and reads none", () => {
    expect(json.terraform?.backend).toBeUndefined();
    expect(json.data?.terraform_remote_state?.["cross-stack-reference-input-dev-cluster"]).toEqual({
      backend: "local",
      config: { path: "cross-stack-reference-input-dev-cluster.tfstate" },
    });
  });

  test("a made-up state has the outputs that its stack declares, and no others", () => {
    const { outputs } = JSON.parse(files["cross-stack-reference-input-dev-cluster.tfstate"] ?? "{}");
    expect(Object.keys(outputs)).toEqual(Object.keys(stackOf(homelab(), "dev-cluster").output ?? {}));
    const decoded = Object.entries<{ value: string }>(outputs).map(([name, { value }]) => [
      name.endsWith("client_key"),
      Buffer.from(value, "base64").toString(),
    ]);
    expect(decoded).toContainEqual([true, "KEY"]);
    expect(decoded.filter(([isKey]) => !isKey).every(([, text]) => text === "CERTIFICATE")).toBe(true);
  });

  test("each variable has a value", () => {
    for (const name of Object.keys(json.variable ?? {})) expect(variables[`TF_VAR_${name}`]).toMatch(/./);
    expect(variables.TF_VAR_age_recipient).toMatch(/^age1[02-9ac-hj-np-z]{58}$/);
  });
});

test("nothing is left out of the other stacks, and no kind of block is empty", () => {
  for (const name of ["dev-cluster", "dev-backup", "dev-apps"]) {
    const { json, without } = offline(name);
    expect([name, without]).toEqual([name, []]);
    for (const kind of ["resource", "data"] as const)
      if (json[kind]) expect(Object.keys(json[kind])).not.toEqual([]);
  }
});
