import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brownfieldAddresses } from "../../../lib/adoption/brownfield.ts";
import { adoptCommand } from "../../../operations/adoption/adopt-command.ts";
import { adoptionReport } from "../../../operations/adoption/adoption-report.ts";
import { readStateFile, readStateList } from "../../../operations/adoption/state.ts";
import { survey } from "../../../operations/adoption/survey.ts";
import { brownfieldState, type StateNode } from "../../lib/adoption/brownfield-state.ts";
import { environment } from "../guard/plans.ts";

const NODES: StateNode[] = [
  { name: "daphne", role: "controlplane", octet: 162 },
  { name: "diva", role: "controlplane", octet: 164 },
  { name: "dulce", role: "controlplane", octet: 163 },
  { name: "daisy", role: "worker", octet: 165 },
];
const IMAGE = "factory.talos.dev/installer/abc:v1.11.5";
const configuration = (name: string) =>
  `version: v1alpha1\nmachine:\n  token: very-secret-${name}\n  kubelet:\n    image: ghcr.io/siderolabs/kubelet:v1.34.0\n  install:\n    image: ${IMAGE}\n`;
const made = {
  secrets: {
    client_configuration: { ca_certificate: "c", client_certificate: "c", client_key: "very-secret-key" },
  },
  configurations: Object.fromEntries(NODES.map(({ name }) => [name, configuration(name)])),
};

test("a state file has the addresses that state list prints, and tells what the machines run", () => {
  const { addresses, running } = readStateFile(brownfieldState("H", NODES, made));
  expect([...addresses].sort()).toEqual(
    brownfieldAddresses("H", NODES)
      .map(({ from }) => from)
      .sort(),
  );
  expect(running).toEqual({
    talosContract: "v1.11.0",
    installImages: [IMAGE],
    kubernetesVersions: ["v1.34.0"],
  });
});

test("state list: blank lines and data sources are left out", () => {
  const list = `
data.external.x
module.environment.module.talos_cluster.data.talos_client_configuration.this
module.environment.module.talos_cluster.data.external.node_endpoint["diva"]
module.environment.local_file.kubeconfig
`;
  expect(readStateList(list).addresses).toEqual(["module.environment.local_file.kubeconfig"]);
});

const SECRETS = "module.environment.module.talos_cluster.talos_machine_secrets.cluster";

/** The state of the brownfield, with its machine secrets changed. */
const withSecrets = (change: (instances: Record<string, unknown>[]) => unknown): string => {
  const state = JSON.parse(brownfieldState("H", NODES, made));
  const secrets = state.resources.find(({ type }: { type: string }) => type === "talos_machine_secrets");
  secrets.instances = change(secrets.instances);
  return JSON.stringify(state);
};

describe("what is no state file ends in one line: the file, the cause, the next step", () => {
  const utf16 = Buffer.from(`\ufeff${brownfieldState("H", NODES, made)}`, "utf16le");
  test.each<[string, string | Uint8Array, string]>([
    ["empty", "", "it is empty"],
    ["cut off", brownfieldState("H", NODES, made).slice(0, 900), "it is cut off"],
    ["garbled", "\u0000oops", "must be JSON"],
    ["compressed", Uint8Array.from([0x1f, 0x8b, 0xff, 0xff]), "not UTF-8"],
    ["UTF-16", utf16, "it is UTF-16"],
    ["encrypted", '{"meta":{},"encrypted_data":"x","encryption_version":"v0"}', "encrypted by OpenTofu"],
    ["a list of states", "[]", "must be one state: got a list"],
    ["null", "null", "must be one state: got null"],
    ["an older version", '{"version":3,"modules":[]}', "version 4: got version 3"],
    ["what show prints", '{"format_version":"1.0","values":{}}', "not a state"],
    ["without resources", '{"version":4}', "must hold a list of resources"],
    ["with a resource that is null", '{"version":4,"resources":[null]}', "resources[0]: must have a mode"],
    ["with instances that are null", withSecrets(() => null), "must have a list of instances"],
    ["with an instance that is null", withSecrets(() => [null]), "must have a list of instances"],
    ["without instances", withSecrets(() => undefined), "must have a list of instances"],
  ])("%s", (_, text, cause) => {
    const message = (() => {
      try {
        readStateFile(text, "old.tfstate");
        return "accepted";
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).toMatch(/^old\.tfstate: .+; \S+/);
    expect(message).toContain(cause);
    expect(message.split("\n")).toHaveLength(1);
  });
});

describe("what Terraform would do to instances, whatever their address", () => {
  const [tainted, deposed, both, none, newer, bare] = [
    withSecrets(([one]) => [{ ...one, status: "tainted" }]),
    withSecrets(([one]) => [{ ...one, deposed: "abcd1234" }]),
    withSecrets(([one]) => [one, { ...one, deposed: "abcd1234" }]),
    withSecrets(() => []),
    withSecrets(([one]) => [{ ...one, schema_version: 9 }]),
    withSecrets(([one]) => [{ ...one, attributes: null }]),
  ];
  test.each([
    ["tainted", tainted, "is tainted: Terraform would replace it; when it is well, first: terraform untaint"],
    ["only deposed", deposed, "holds only a deposed object"],
    ["deposed beside the whole one", both, "has a deposed object"],
    ["no instance", none, "has no instance"],
    ["a newer schema", newer, "newer schema (9) than the pinned provider's (1)"],
    ["no attributes", bare, "has no attributes"],
  ])("%s is refused with what to do first, and not called moved", (_, text, cause) => {
    const { problems } = readStateFile(text);
    expect(problems).toEqual([expect.stringContaining(cause)]);
    expect(problems[0]).toContain(SECRETS);
    const file = join(mkdtempSync(join(tmpdir(), "state-")), "old.tfstate");
    writeFileSync(file, text);
    const said: string[] = [];
    expect(adoptCommand(environment(), { state: file, json: false }, (line) => said.push(line))).toBe(1);
    expect(said.join("\n")).not.toMatch(/moved\s+\S+talos_machine_secrets/);
  });

  test("a module with a key is recognized, in one line", () => {
    const addresses = brownfieldAddresses("H", NODES).map(({ from }) =>
      from.replace(/^module\.environment/, "module.environment[0]"),
    );
    const { problems, mapped } = survey(addresses, NODES);
    expect(problems).toEqual([
      expect.stringContaining("terraform state mv 'module.environment[0]' module.environment"),
    ]);
    expect(mapped.length).toBe(addresses.length);
  });
});

test("the runbook counts what dev's own nodes make", () => {
  const { nodes } = environment();
  const count = (shape: "H" | "1109f65") => brownfieldAddresses(shape, nodes).length;
  expect(readFileSync("docs/runbooks/adoption.md", "utf8").replaceAll("\n", " ")).toContain(
    `dev with its ${nodes.length} nodes: ${count("H")} for \`H\`, ${count("1109f65")} for \`1109f65\``,
  );
});

describe("the report", () => {
  const { addresses, running } = readStateFile(brownfieldState("H", NODES, made));
  const dev = environment();
  const report = adoptionReport(dev, survey(addresses, dev.nodes), running);

  test("never holds a secret", () => {
    expect(report).not.toContain("very-secret");
  });

  test("writes down what runs, and withholds everything", () => {
    expect(report).toContain('shape: "H",');
    expect(report).toContain('talosContract: "v1.11.0",');
    expect(report).toContain(`installImage: "${IMAGE}",`);
    expect(report).toContain('"machine-configuration",');
  });

  test("the backup of the state is the first command, and the apply comes after the guard", () => {
    const commands = report.split("2. Run these")[1] ?? "";
    const at = (text: string) => {
      const index = commands.indexOf(text);
      expect([text, index > 0]).toEqual([text, true]);
      return index;
    };
    const order = [
      "state pull >",
      "etcd snapshot",
      " plan ",
      "npm run homelab -- guard",
      " apply ",
      "npm run homelab -- deploy",
    ].map(at);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const first = commands.split("\n").find((line) => /^ +[a-z]/.test(line) && !line.includes("docs/")) ?? "";
    expect(first.trim()).toMatch(/^terraform state pull > /);
  });

  test("says what it refuses, and prints no command then", () => {
    const refused = adoptionReport(dev, survey([...addresses, "module.x.y.z"], dev.nodes), running);
    expect(refused).toContain("module.x.y.z: no shape has this address");
    expect(refused).not.toContain("terraform");
  });

  test("asks for what a list does not tell", () => {
    const unsure = adoptionReport(dev, survey(addresses, dev.nodes), readStateList("").running);
    expect(unsure).toContain("// not in this list: check with talosctl get machineconfig");
  });
});

test("a module may be called data; an adopted state with a stranger is refused", () => {
  const list = `module.data.null_resource.a\nmodule.a["x"].data.thing.b\ndata.thing.c\n`;
  expect(readStateList(list).addresses).toEqual(["module.data.null_resource.a"]);
  const found = survey(["talos_machine_secrets.cluster", "null_resource.stranger"], environment().nodes);
  expect(adoptionReport(environment(), found, { installImages: [], kubernetesVersions: [] })).toMatch(
    /Refused, 1 problems:\n {2}null_resource.stranger/,
  );
});
