import { describe, expect, test } from "vitest";
import { backupOf } from "../../../environments/absent.ts";
import type { EnvironmentInput } from "../../../environments/schema.ts";
import { duration, Recovery } from "../../../operations/runbooks/recovery.ts";
import { runbookOf } from "../../../operations/runbooks/scenarios.ts";
import { environments } from "../../stacks/homelab.ts";

const prod = (change: (input: EnvironmentInput) => void = () => {}) => {
  const found = environments((input) => {
    if (input.name === "prod") change(input);
  }).find(({ name }) => name === "prod");
  if (!found) throw new Error("no prod");
  return found;
};
const commands = (scenario: string, environment = prod()) =>
  (runbookOf(environment, scenario)?.steps ?? []).flatMap((step) => step.commands ?? []);

test.each([
  [30, "30 min"],
  [390, "6 h 30 min"],
  [60, "1 h"],
  [24 * 60, "24 h"],
  [31 * 24 * 60, "31 days"],
])("%i minutes are %s", (minutes, text) => {
  expect(duration(minutes)).toBe(text);
});

test("what is lost at most follows the most frequent tier, wherever it stands", () => {
  expect(new Recovery(prod()).recoveryPointMinutes).toBe(390);
  const rarer = prod((input) => {
    const backup = backupOf(input);
    backup.tiers = [...backup.tiers.slice(1)].reverse();
  });
  expect(new Recovery(rarer).newest.name).toBe("daily");
  expect(runbookOf(rarer, "etcd")?.loses.value).toBe("24 h 30 min");
});

test("the bootstrap node comes first, workers are left alone", () => {
  const recovery = new Recovery(prod());
  expect(recovery.controlPlanes.map(({ name }) => name)).toEqual(["phoebe", "powder", "poison"]);
  const resets = commands("etcd").filter((line) => line.includes(" reset "));
  expect(resets.map((line) => /--nodes (\S+)/.exec(line)?.[1])).toEqual([
    "192.168.111.195",
    "192.168.111.193",
    "192.168.111.194",
  ]);
});

test("another bootstrap node, another start", () => {
  const moved = prod(({ cluster }) => {
    cluster.bootstrapNode = "poison";
  });
  expect(commands("etcd", moved)).toContain(
    "talosctl --nodes 192.168.111.194 bootstrap --recover-from=./db.snapshot",
  );
});

describe("the order of a restore", () => {
  const lines = commands("etcd");
  const at = (part: string) => lines.findIndex((line) => line.includes(part));

  test("verified before anything is wiped; wiped before it is started; started once", () => {
    expect(at("verify-backup")).toBeGreaterThan(-1);
    expect(at("verify-backup")).toBeLessThan(at(" reset "));
    expect(at(" cp /var/lib/etcd")).toBeLessThan(at(" reset "));
    expect(lines.findLastIndex((line) => line.includes(" reset "))).toBeLessThan(
      at("bootstrap --recover-from"),
    );
    expect(lines.filter((line) => line.includes("bootstrap --recover-from"))).toHaveLength(1);
    expect(at("bootstrap --recover-from")).toBeLessThan(at("npm run homelab -- deploy prod-cluster"));
  });

  test("machines get their configuration in a plan each, all of them known to wait", () => {
    const waiting = commands("lost-cluster").filter((line) => line.includes("maintenanceNodes"));
    expect(waiting.map((line) => /--node (\w+)$/.exec(line)?.[1])).toEqual(
      prod().nodes.map(({ name }) => name),
    );
    for (const line of waiting) expect(line).toContain('"powder,poison,phoebe,pearl,peach"');
  });

  test("the state is looked at before new machines get a configuration", () => {
    const all = commands("lost-cluster");
    const deploy = all.findIndex((line) => line.includes("maintenanceNodes"));
    expect(all.findIndex((line) => line.includes("state list"))).toBeLessThan(deploy);
    expect(all.findIndex((line) => line.includes("import talos_machine_bootstrap.cluster"))).toBeLessThan(
      deploy,
    );
  });

  test("after new authorities Terraform is told before anything is deployed", () => {
    const all = commands("leaked-key");
    const rotated = all.findIndex((line) => line.includes("--dry-run=false"));
    const told = all.findIndex((line) => line.includes("import talos_machine_secrets.cluster"));
    const deployed = all.findLastIndex((line) => line.includes("npm run homelab -- deploy prod-cluster"));
    expect([rotated < told, told < deployed]).toEqual([true, true]);
  });
});

describe("what would make a restore worthless is said", () => {
  test("no key, no second copy", () => {
    const { warnings } = runbookOf(prod(), "etcd") ?? {};
    expect(warnings?.join()).toMatch(/nobody has made the key[\s\S]*no second copy/);
  });

  test("nothing where both are there", () => {
    const sound = prod((input) => {
      const { assumptions } = input;
      const backup = backupOf(input);
      backup.ageRecipients = [`age1${"q".repeat(58)}`];
      backup.copy = { bucket: "far-away", region: "eu-central-1", endpoint: null };
      assumptions.splice(
        0,
        assumptions.length,
        ...assumptions.filter(({ path }) => !/ageRecipients|copy/.test(path)),
      );
    });
    expect(runbookOf(sound, "etcd")?.warnings).toEqual([]);
    expect(commands("lost-bucket", sound)).toContain(
      "aws s3 ls s3://far-away/etcd/frequent/ --region eu-central-1",
    );
  });
});

test("where volumes are not backed up, the runbook says so and restores nothing", () => {
  const without = prod((input) => {
    const { assumptions } = input;
    const backup = backupOf(input);
    backup.volumes = null;
    assumptions.splice(0, assumptions.length, ...assumptions.filter(({ path }) => !/volumes/.test(path)));
  });
  expect(runbookOf(without, "lost-volume")?.loses.value).toBe("everything on it");
  expect(commands("lost-volume", without).join()).not.toContain("velero");
  expect(commands("lost-volume").join()).toContain("velero restore create");
});

test("a cluster with one control plane has no member to lose", () => {
  const single = prod((input) => {
    input.nodes = input.nodes.filter(({ name, role }) => name === "phoebe" || role === "worker");
    input.namespaces = [];
  });
  expect(runbookOf(single, "lost-node")?.notice.join()).toContain("A control plane cannot be lost here");
});

test("a name without an address is a warning; a server with a certificate keeps its name", () => {
  const { nas: _, ...unnamed } = prod();
  expect(new Recovery({ ...unnamed, nas: undefined }).nameWarnings).toEqual([
    expect.stringContaining("synelia.internal.truxonline.com:9000 must be answered without the cluster"),
  ]);
  expect(new Recovery(prod()).nameWarnings).toEqual([]);
  const encrypted = prod((input) => {
    backupOf(input).endpoint = "https://synelia.internal.truxonline.com:9000";
  });
  expect(new Recovery(encrypted).store.endpoint).toBe("https://synelia.internal.truxonline.com:9000");
  expect(commands("power-cut", encrypted)).toContain(
    "echo '192.168.111.69 synelia.internal.truxonline.com' | sudo tee --append /etc/hosts",
  );
});

test("what a lost server takes with it follows from where state, secrets and backups of volumes lie", () => {
  const elsewhere = prod((input) => {
    const { volumes } = backupOf(input);
    if (volumes) volumes.endpoint = "http://203.0.113.9:9000";
    if (input.secretStore.kind === "infisical") input.secretStore.server = "http://203.0.113.9:8085";
    input.assumptions = input.assumptions.filter(({ path }) => path !== "backup.volumes.endpoint");
  });
  const [here, there] = [prod(), elsewhere].map((each) => runbookOf(each, "lost-nas"));
  expect(here?.loses.why).toContain("and so are their backups");
  expect(there?.loses.why).not.toContain("and so are their backups");
  expect(here?.steps.map(({ title }) => title)).toContain("The secret store");
  expect(there?.steps.map(({ title }) => title)).not.toContain("The secret store");
});
