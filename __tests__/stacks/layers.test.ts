import { expect, test } from "vitest";
import { environments, homelab, stackOf } from "./homelab.ts";

test("four stacks per environment, and data flows down only", () => {
  const manifest: { stacks: Record<string, { dependencies: string[] }> } = JSON.parse(homelab().manifest);
  const dependencies = Object.entries(manifest.stacks).map(([name, stack]) => [
    name,
    [...stack.dependencies].sort(),
  ]);
  expect(Object.fromEntries(dependencies)).toEqual(
    Object.fromEntries(
      environments().flatMap(({ name, backup }) => [
        [`${name}-backup`, []],
        [`${name}-cluster`, []],
        [`${name}-platform`, [...(backup === null ? [] : [`${name}-backup`]), `${name}-cluster`]],
        [`${name}-apps`, [`${name}-cluster`, `${name}-platform`]],
      ]),
    ),
  );
  expect(manifest.stacks["prod-platform"]?.dependencies).toContain("prod-backup");
});

test.each([
  ["dev-backup", "backup.tfstate"],
  ["dev-cluster", "terraform.tfstate"],
  ["dev-platform", "platform.tfstate"],
  ["dev-apps", "apps.tfstate"],
])("%s keeps its state in %s", (stack, key) => {
  expect(stackOf(homelab(), stack).terraform?.backend).toEqual({
    s3: {
      bucket: "terraform-state-dev",
      key,
      region: "us-east-1",
      endpoints: { s3: "http://synelia.internal.truxonline.com:9000" },
      use_path_style: true,
      use_lockfile: true,
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
    },
  });
});

test("providers of the lower layers read the cluster's state, never a resource beside them", () => {
  for (const name of ["dev-platform", "dev-apps"]) {
    const { provider } = stackOf(homelab(), name);
    for (const type of ["kubernetes", "helm", "kubectl"]) {
      expect(JSON.stringify(provider?.[type])).toContain(
        "data.terraform_remote_state.cross-stack-reference-input-dev-cluster.outputs.",
      );
    }
  }
});

test("the platform waits for the API server and says for which; nothing before Cilium waits for Ready", () => {
  const stack = stackOf(homelab(), "prod-platform");
  const ready = stack.data?.http?.api_server_ready;
  expect(ready).toMatchObject({
    url: "https://192.168.111.190:6443/readyz",
    retry: { attempts: 60, min_delay_ms: 10_000 },
  });
  expect(JSON.stringify(ready?.lifecycle)).toContain("The API server of vixens answers, but is not ready");
  const cilium = Object.values(stack.resource?.helm_release ?? {}).find(({ name }) => name === "cilium");
  expect(cilium?.depends_on).toEqual(["data.http.api_server_ready"]);
  expect(JSON.stringify(stackOf(homelab(), "prod-cluster"))).not.toContain("talos_cluster_health");
});

test("ArgoCD and the etcd backup come after every network policy", () => {
  const { resource } = stackOf(homelab(), "prod-platform");
  const policies = Object.keys(resource?.kubectl_manifest ?? {})
    .filter((id) => id.startsWith("network_"))
    .map((id) => `kubectl_manifest.${id}`);
  expect(policies.length).toBeGreaterThan(5);
  const argocd = Object.values(resource?.helm_release ?? {}).find(({ name }) => name === "argocd");
  const [cronJob] = Object.values(resource?.kubernetes_cron_job_v1 ?? {});
  expect(argocd?.depends_on).toEqual(expect.arrayContaining(policies));
  expect(cronJob?.depends_on).toEqual(expect.arrayContaining(policies));
});
