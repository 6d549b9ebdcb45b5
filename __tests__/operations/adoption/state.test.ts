import { describe, expect, test } from "vitest";
import { brownfieldAddresses } from "../../../lib/adoption/brownfield.ts";
import { adoptionReport } from "../../../operations/adoption/report.ts";
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

describe("what is no state file", () => {
  test.each([
    ["", "must be JSON"],
    ["[]", "version 4"],
    ['{"version":3,"modules":[]}', "version 4"],
    ['{"format_version":"1.0","values":{}}', "version 4"],
  ])("%j", (text, message) => {
    expect(() => readStateFile(text)).toThrow(message);
  });
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
