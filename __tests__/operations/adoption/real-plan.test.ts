/**
 * The adoption as Terraform and the real providers plan it, offline. Needs `terraform` and, in
 * TERRAFORM_PROVIDER_MIRROR, the directory of a filesystem mirror with siderolabs/talos (0.11.0; with 0.9.0 beside it
 * the old state is made by the provider that made the living ones), hashicorp/null, local, helm and kubernetes, and
 * gavinbunney/kubectl. Without them these tests are left out, and say so.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  type BrownfieldShape,
  DIFFERENCE_NAMES,
  type DifferenceName,
} from "../../../environments/differences.ts";
import { ProviderMirror } from "../../../labs/contract/provider-mirror.ts";
import { requiredProviders } from "../../../labs/contract/required-providers.ts";
import { machineConfigurationPatches } from "../../../lib/talos/patches.ts";
import { guard } from "../../../operations/guard/guard.ts";
import { brownfieldState, type Generated } from "../../lib/adoption/brownfield-state.ts";
import { homelab as committed, environments, synthesis, TODAY } from "../../stacks/homelab.ts";

const MIRROR = process.env.TERRAFORM_PROVIDER_MIRROR ?? "";
const NEEDED = [
  "siderolabs/talos",
  "hashicorp/null",
  "hashicorp/local",
  "hashicorp/helm",
  "hashicorp/kubernetes",
  "gavinbunney/kubectl",
];
const mirror = new ProviderMirror(MIRROR);
const PINNED = requiredProviders(committed().stacks.get("dev-cluster") ?? {});
const missing = [
  ...NEEDED.filter((name) => mirror.versions(name).length === 0),
  ...PINNED.filter(({ source, version }) => !mirror.offers(source, version)).map(
    ({ source, version }) => `${source} ${version}`,
  ),
];
const canRun = MIRROR !== "" && missing.length === 0 && spawnSync("terraform", ["version"]).status === 0;
if (!canRun) {
  const why = MIRROR === "" ? "TERRAFORM_PROVIDER_MIRROR is not set" : `not in it: ${missing.join(", ")}`;
  console.warn(`left out: the real plans of an adoption: ${why}`);
}
const OLD = mirror.offers("siderolabs/talos", "0.9.0") ? "0.9.0" : "0.11.0";

const IMAGE =
  "factory.talos.dev/installer/613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245:v1.11.5";
const KEPT = { talosContract: "v1.11.0", installImage: IMAGE, kubernetes: "v1.34.0" };
const MACHINE = DIFFERENCE_NAMES.slice(0, DIFFERENCE_NAMES.indexOf("cilium-release"));
const work = canRun ? mkdtempSync(join(tmpdir(), "adoption-")) : "";

const terraform = (directory: string, ...args: string[]): string =>
  execFileSync("terraform", [`-chdir=${directory}`, ...args], {
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: join(work, "terraformrc") },
  });

const directory = (name: string, configuration: object): string => {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(work, "terraformrc"),
    `provider_installation {\n  filesystem_mirror {\n    path = "${MIRROR}"\n  }\n}\n`,
  );
  writeFileSync(join(path, "cdk.tf.json"), JSON.stringify(configuration));
  return path;
};

const homelab = (shape: BrownfieldShape, withhold: readonly DifferenceName[]) =>
  environments((input) => {
    if (input.name === "dev") input.adoption = { ...KEPT, shape, withhold: [...withhold] };
  });

/** Secrets and configurations, made by the old provider from the patches of the old Terraform. */
const generated = (shape: BrownfieldShape): Generated => {
  const [dev] = homelab(shape, MACHINE);
  if (!dev) throw new Error("no dev");
  const cluster = dev.cluster;
  const patches = machineConfigurationPatches({
    ...cluster,
    talosVersion: dev.versions.talos,
    talosApiAccess: { namespaces: ["etcd-backup"], roles: ["os:etcd:backup"] },
    adopted: { ...KEPT, kubernetesVersion: KEPT.kubernetes, shape, withhold: MACHINE },
  });
  const data = Object.fromEntries(
    dev.nodes.map((node) => [
      node.name,
      {
        cluster_name: cluster.name,
        cluster_endpoint: `https://${cluster.vip}:6443`,
        machine_type: node.role,
        machine_secrets: "${talos_machine_secrets.cluster.machine_secrets}",
        talos_version: "v1.11.5",
        kubernetes_version: KEPT.kubernetes,
        config_patches: patches(node, IMAGE),
        docs: false,
        examples: false,
      },
    ]),
  );
  const path = directory(`old-${shape}`, {
    terraform: { required_providers: { talos: { source: "siderolabs/talos", version: OLD } } },
    resource: { talos_machine_secrets: { cluster: {} } },
    data: { talos_machine_configuration: data },
    output: Object.fromEntries(
      dev.nodes.map(({ name }) => [
        name,
        { sensitive: true, value: `\${data.talos_machine_configuration.${name}.machine_configuration}` },
      ]),
    ),
  });
  terraform(path, "init", "-input=false");
  terraform(path, "apply", "-auto-approve", "-input=false");
  const state = JSON.parse(readFileSync(join(path, "terraform.tfstate"), "utf8"));
  const secrets = state.resources.find(({ type }: { type: string }) => type === "talos_machine_secrets");
  return {
    secrets: secrets.instances[0].attributes,
    configurations: Object.fromEntries(
      Object.entries(state.outputs as Record<string, { value: string }>).map(([name, { value }]) => [
        name,
        value,
      ]),
    ),
  };
};

interface PlanJson {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly previous_address?: string;
    readonly type: string;
    readonly mode: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Record<string, unknown>;
      readonly after: Record<string, unknown>;
    };
  }[];
}

const plan = (
  shape: BrownfieldShape,
  made: Generated,
  withhold: readonly DifferenceName[],
  marked = true,
) => {
  const parsed = homelab(shape, withhold);
  const configuration = JSON.parse(synthesis(parsed, { adopt: "dev" }).files.get("dev-cluster") ?? "{}");
  configuration.terraform.backend = { local: {} };
  const path = directory(`${shape}-${withhold.length}-${marked}`, configuration);
  const [dev] = parsed;
  const nodes = (dev?.nodes ?? []).map(({ name, role, vlans }) => ({
    name,
    role,
    octet: Number(String(vlans[0]?.address.address).split(".")[3]),
  }));
  writeFileSync(join(path, "terraform.tfstate"), brownfieldState(shape, nodes, made, { marked }));
  terraform(path, "init", "-input=false");
  terraform(path, "plan", "-refresh=false", "-input=false", "-out=plan");
  const text = terraform(path, "show", "-json", "plan");
  const { resource_changes }: PlanJson = JSON.parse(text);
  if (!dev) throw new Error("no dev");
  return {
    verdict: guard(text, { environment: dev, today: TODAY }),
    changes: resource_changes.filter(({ mode }) => mode === "managed"),
  };
};

describe.runIf(canRun).each(["H", "1109f65"] as const)("%s, by the real providers", (shape) => {
  afterAll(() => rmSync(work, { recursive: true, force: true }));
  const made = canRun ? generated(shape) : ({} as Generated);

  test.each([
    ["frozen", DIFFERENCE_NAMES, true],
    [
      "every difference withheld by itself",
      DIFFERENCE_NAMES.filter((name) => name !== "machine-configuration"),
      true,
    ],
    ["frozen, from a state without marks of what is sensitive", DIFFERENCE_NAMES, false],
  ] as const)(
    "%s: nothing is added, nothing destroyed, each machine keeps its bytes",
    (_, withhold, marked) => {
      const { verdict, changes } = plan(shape, made, withhold, marked);
      expect(verdict.refused).toEqual([]);
      expect(Object.keys(verdict.counts).sort()).toEqual(["forget", "moved", "update"]);
      expect(verdict.counts).toMatchObject({ moved: 7 });
      for (const { address, change } of changes.filter(({ type }) => type === "talos_machine_secrets"))
        expect([address, change.before]).toEqual([address, change.after]);
      for (const { change } of changes.filter(({ type }) => type === "talos_machine_configuration_apply"))
        for (const field of ["machine_configuration", "machine_configuration_input", "node", "endpoint"])
          expect([field, change.before[field]]).toEqual([field, change.after[field]]);
    },
  );

  test("no difference withheld: still nothing destroyed, secrets untouched, and the guard asks for one node at a time", () => {
    const { verdict, changes } = plan(shape, made, []);
    expect([...new Set(verdict.refused.map(({ rule }) => rule))]).toEqual(["one-node"]);
    expect(verdict.counts.delete).toBeUndefined();
    expect(verdict.counts.replace).toBeUndefined();
    const secrets = changes.find(({ type }) => type === "talos_machine_secrets");
    expect(secrets?.change.actions).toEqual(["no-op"]);
    expect(secrets?.previous_address).toContain("module.environment");
  });
});
