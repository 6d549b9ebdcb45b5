import { beforeAll, describe, expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import { DIFFERENCE_NAMES, type DifferenceName } from "../../environments/differences.ts";
import { managedResources } from "../../lib/core/synthesis/terraform-json.ts";
import {
  environments,
  homelab,
  type Synthesis,
  stackOf,
  synthesis,
  withoutPrivilegedApps,
} from "./homelab.ts";

/** dev alone, adopted with these differences withheld. */
const withheld = (
  withhold: readonly DifferenceName[],
  absent: string[] = [],
  adopt: unknown = "dev",
  declarations = apps,
) =>
  synthesis(
    environments((input) => {
      if (declarations.length === 0) withoutPrivilegedApps(input);
      if (input.name === "dev")
        input.adoption = {
          shape: "H",
          talosContract: "v1.11.0",
          installImage: "factory.talos.dev/installer/abc:v1.11.5",
          kubernetes: "v1.33.4",
          withhold: [...withhold],
          absent,
        };
    }).filter(({ name }) => name === "dev"),
    { adopt },
    declarations,
  );

const blocks = (json: object, name: string): Record<string, string>[] =>
  (json as Record<string, Record<string, string>[]>)[name] ?? [];
const importsOf = (homelab: Synthesis, stack: string) =>
  Object.fromEntries(blocks(stackOf(homelab, stack), "import").map(({ to, id }) => [id, to]));

test("without the context value, nothing is there of it", () => {
  for (const [name, stack] of homelab().stacks) {
    const moved = blocks(stack, "moved").filter(({ from }) => !from?.includes("etcd-backup_cron-job"));
    expect([name, moved, blocks(stack, "import")]).toEqual([name, [], []]);
  }
});

describe("switched on for dev", () => {
  const adopted = synthesis(environments(), { adopt: "dev" });

  test("every moved block ends at a resource that is there", () => {
    const stack = stackOf(adopted, "dev-cluster");
    const own = managedResources(stack).map(({ address }) => address);
    const moved = blocks(stack, "moved");
    expect(moved).toHaveLength(7);
    expect(moved.filter(({ to }) => !own.includes(to ?? ""))).toEqual([]);
  });

  test("what leaves is not destroyed", () => {
    const removed = stackOf(adopted, "dev-cluster").removed ?? [];
    expect(removed.length).toBeGreaterThan(12);
    for (const block of removed) expect(block.lifecycle).toEqual({ destroy: false });
  });

  test("the platform and the apps import what lives, at resources that are there", () => {
    const imports = importsOf(adopted, "dev-platform");
    expect(Object.keys(imports)).toEqual(
      expect.arrayContaining([
        "kube-system/cilium",
        "argocd/argocd",
        "cilium.io/v2//CiliumLoadBalancerIPPool//vixens-dev-pool",
        "cilium.io/v2alpha1//CiliumL2AnnouncementPolicy//vixens-dev-l2",
        "argocd/infisical-universal-auth",
        "argocd",
        "velero",
        "vixens-critical",
        "vixens-low",
      ]),
    );
    expect(Object.keys(imports)).not.toContain("etcd-backup");
    const own: unknown[] = managedResources(stackOf(adopted, "dev-platform")).map(({ address }) => address);
    expect(Object.values(imports).filter((to) => !own.includes(to))).toEqual([]);
    expect(importsOf(adopted, "dev-apps")).toEqual({
      "argoproj.io/v1alpha1//Application//vixens-app-of-apps//argocd": "kubectl_manifest.root_app",
    });
  });

  test("prod goes on with the bucket that Velero has, unless it is said to be absent", () => {
    expect(importsOf(synthesis(environments(), { adopt: "prod" }), "prod-backup")).toEqual({
      "vixens-prod-velero": expect.stringMatching(/^aws_s3_bucket\.volumes_bucket_/),
    });
    expect(stackOf(adopted, "dev-backup")).not.toHaveProperty("import");
  });

  test("nothing else changes, and prod does not at all", () => {
    for (const [name, file] of homelab().files) {
      const now = JSON.parse(adopted.files.get(name) ?? "{}");
      if (name.startsWith("dev")) for (const block of ["moved", "removed", "import", "//"]) delete now[block];
      const before = JSON.parse(file);
      if (name.startsWith("dev")) for (const block of ["moved", "removed", "//"]) delete before[block];
      expect(now).toEqual(before);
    }
  });
});

test.each([
  ["nowhere", /must name environments \(dev, prod.*\): got nowhere/],
  [3, "must be a list of names: got 3"],
])("refuses the context %j", (adopt, message) => {
  expect(() => synthesis(environments(), { adopt })).toThrow(message);
});

describe("everything withheld", () => {
  const all = withheld(DIFFERENCE_NAMES, ["namespace/velero"]);
  const { resource } = stackOf(all, "dev-cluster");

  test("no machine gets another configuration, nor another address", () => {
    for (const apply of Object.values(resource?.talos_machine_configuration_apply ?? {}))
      expect(apply.lifecycle).toEqual({
        ignore_changes: ["machine_configuration_input", "config_patches", "node", "endpoint"],
      });
    expect(resource?.talos_image_factory_schematic).toBeUndefined();
    expect(resource?.talos_machine_secrets?.cluster?.lifecycle).toMatchObject({ prevent_destroy: true });
    expect(resource?.talos_machine_bootstrap?.cluster?.lifecycle).toMatchObject({ prevent_destroy: true });
  });

  test("Helm releases are not in the state yet, and cannot be uninstalled by that", () => {
    const { resource } = stackOf(all, "dev-platform");
    for (const release of Object.values(resource?.helm_release ?? {}))
      expect(release).toMatchObject({ count: 0, lifecycle: { prevent_destroy: true } });
    expect(Object.keys(importsOf(all, "dev-platform"))).not.toContain("kube-system/cilium");
  });

  test("every object that is imported stays as it is", () => {
    for (const stack of ["dev-platform", "dev-apps"]) {
      const imported = Object.values(importsOf(all, stack));
      expect(imported.length).toBeGreaterThan(0);
      for (const { address, block } of managedResources(stackOf(all, stack)))
        if (imported.includes(address))
          expect([address, block.lifecycle]).toEqual([
            address,
            expect.objectContaining({ ignore_changes: "all" }),
          ]);
    }
  });

  test("what the cluster does not have is made, not imported", () => {
    expect(Object.keys(importsOf(all, "dev-platform"))).not.toContain("velero");
  });

  test("it stays withheld without the blocks, once the adoption is done", () => {
    const done = withheld(DIFFERENCE_NAMES, [], []);
    expect(blocks(stackOf(done, "dev-cluster"), "moved")).toEqual([]);
    expect(stackOf(done, "dev-cluster").resource).toEqual(resource);
  });
});

describe("each difference can be withheld, and turned on, by itself", () => {
  /** Differences that are withheld are of the cluster and its platform: no app is needed to see them. */
  const alone = (...names: DifferenceName[]) => withheld(names, [], "dev", []);
  let none: Synthesis;
  beforeAll(() => {
    none = alone();
  });

  test.each(DIFFERENCE_NAMES)("%s", (name) => {
    const one = alone(name);
    const files = ["dev-cluster", "dev-platform", "dev-apps"];
    const text = (of: Synthesis) => files.map((file) => of.files.get(file)).join();
    expect(text(one)).not.toBe(text(none));
  });

  test("with none withheld, an adopted cluster is as any other", () => {
    const done = withheld([], [], []);
    expect(done.files.get("dev-cluster")).toBe(homelab().files.get("dev-cluster"));
    expect(done.files.get("dev-platform")).toBe(homelab().files.get("dev-platform"));
  });
});
