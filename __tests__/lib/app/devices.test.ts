/** Devices: of a node's paths, and of plugins. */
import { describe, expect, test } from "vitest";
import { appTemplateValues } from "../../../lib/app/app-template.ts";
import { fieldsOf } from "../../../lib/core/fields.ts";
import { chartApp, environment, type Fields, imageApp, problems, resolved } from "./lab.ts";

const changes = { acceptedRisks: ["privileged-web"] };
const why = "it decodes video on the GPU";
const onNode = (more: Fields, device = "/dev/dri") =>
  imageApp({ privileges: { why, hostPaths: [device], ...more } });
const plugin = chartApp({ announces: ["gpu.intel.com/i915"] }, "plugin");
const asking = imageApp({ devices: ["gpu.intel.com/i915"] });

describe("by a path of the node", () => {
  test("a GPU that every node has a driver for", () => {
    expect(problems([onNode({})], changes)).toEqual([]);
  });

  test.each<[string, Fields, string, string]>([
    [
      "that no node drives",
      { node: { prod: "n1" } },
      "/dev/ttyACM0",
      "privileges.hostPaths: needs a driver in the schematic of every node that takes workloads: siderolabs/usb-modem-drivers",
    ],
    [
      "plugged into one of them",
      {},
      "/dev/bus/usb",
      "privileges.node.prod: must name the node that it is plugged into: got",
    ],
    [
      "of a node that there is not",
      { node: { prod: "nowhere" } },
      "/dev/dri",
      "privileges.node.prod: must be a node of it",
    ],
  ])("refused: one %s", (_, more, device, says) => {
    expect(problems([onNode(more, device)], changes).join()).toContain(`apps.web.${says}`);
  });

  test("is opened by a privileged container on the node that is named", () => {
    const [name = ""] = environment().nodes.map((node) => node.name);
    const declared = onNode({ node: { prod: name } }, "/dev/bus/usb");
    const { defaultPodOptions, controllers } = appTemplateValues(resolved(declared, [], changes));
    expect(defaultPodOptions).toMatchObject({ nodeSelector: { "kubernetes.io/hostname": name } });
    expect(fieldsOf(controllers).main).toMatchObject({
      containers: { main: { securityContext: { privileged: true } } },
    });
  });
});

describe("by a plugin", () => {
  test("is a limit of the container, and no privilege", () => {
    expect(problems([asking, plugin])).toEqual([]);
    const { controllers } = appTemplateValues(resolved(asking, [plugin]));
    const main = fieldsOf(fieldsOf(fieldsOf(controllers).main).containers).main;
    expect(fieldsOf(fieldsOf(main).resources).limits).toEqual({
      cpu: "50m",
      memory: "128Mi",
      "gpu.intel.com/i915": 1,
    });
  });

  test("refused: one that no app announces, one that no node drives, and no name", () => {
    expect(problems([asking])).toEqual([
      'apps.web.devices: must be announced by an app that lives here: its plugin says announces: got "gpu.intel.com/i915"',
    ]);
    expect(problems([asking, plugin], { extensions: [] })).toEqual([
      expect.stringContaining("apps.web.devices: needs a driver in the schematic"),
    ]);
    expect(problems([imageApp({ devices: ["gpu"] })]).join()).toContain(
      "must be named as its plugin announces it",
    );
  });
});
