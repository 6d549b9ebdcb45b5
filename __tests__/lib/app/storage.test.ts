/** Claims: their classes are the environment's, and one node has each at a time. */
import { describe, expect, test } from "vitest";
import { chartApp, type Fields, imageApp, problems, resolved } from "./lab.ts";

const fast = { name: "fast", driver: { side: "apps", name: "driver" } as const, extension: "example/csi" };
const storage = { data: { class: "synelia-iscsi-retain", size: "1Gi" } };
const onFast = imageApp({ storage: { data: { class: "fast", size: "1Gi" } } });
const driver = imageApp({}, "driver");

describe("a storage class", () => {
  test("that another environment has is refused with those that there are", () => {
    expect(problems([imageApp({ storage })], { storageClasses: [fast] })).toContain(
      'apps.web.storage.data.class: must be a storage class of prod, which has fast: got "synelia-iscsi-retain"',
    );
  });

  test("of an environment without any", () => {
    expect(problems([imageApp({ storage })], { storageClasses: [] })).toEqual([
      expect.stringContaining("must be a storage class of prod, which has none"),
    ]);
  });

  test("needs its extension on every node", () => {
    expect(problems([onFast, driver], { storageClasses: [fast] })).toEqual([
      'apps.web.storage.data.class: needs the extension example/csi of its driver driver in the schematic of every node that takes workloads: got "fast"',
    ]);
  });

  test("needs its driver to live there", () => {
    expect(problems([onFast], { storageClasses: [fast], extensions: ["example/csi"] })).toEqual([
      'storageClasses.fast.driver.name: must be an app that lives in prod: got "driver"',
    ]);
  });

  test("puts the driver before who claims it", () => {
    const { dependencies } = resolved(onFast, [driver], {
      storageClasses: [fast],
      extensions: ["example/csi"],
    });
    expect(dependencies).toEqual([driver]);
  });

  test("of a driver that waits for a claim of its own is a circle", () => {
    const waiting = imageApp({ dependsOn: ["web"] }, "driver");
    expect(problems([onFast, waiting], { storageClasses: [fast], extensions: ["example/csi"] })).toEqual([
      "apps: must not depend on each other in a circle: got web → driver → web",
    ]);
  });
});

describe("one claim and several pods", () => {
  const refused = (path: string, got: number) =>
    expect.stringContaining(`${path}: must be 1: its claims can be mounted on one node only: got ${got}`);
  const existingClaim = "charted-data";

  test.each<[string, Fields, string]>([
    ["replicas", { replicas: 2 }, "apps.web.replicas"],
    [
      "values that raise them",
      { values: { controllers: { main: { replicas: 2 } } } },
      "apps.web.controllers.main.replicas",
    ],
    ["what an environment lays over", { override: { prod: { replicas: 2 } } }, "apps.web.replicas"],
  ])("an image: %s", (_, changes, path) => {
    expect(problems([imageApp({ storage, ...changes })])).toEqual([refused(path, 2)]);
  });

  test.each<[string, Fields, string]>([
    ["replicas", { replicas: 3 }, "apps.charted.replicas"],
    ["values", { values: { existingClaim, replicaCount: 3 } }, "apps.charted.replicaCount"],
    ["an autoscaler", { values: { existingClaim, hpa: { maxReplicas: 3 } } }, "apps.charted.hpa.maxReplicas"],
    ["a flag", { flags: { scale: { parameter: "web.replicas", prod: 3 } } }, "apps.charted.web.replicas"],
  ])("a chart: %s", (_, changes, path) => {
    const lines = problems([chartApp({ storage, values: { existingClaim }, ...changes })]);
    expect(lines).toEqual([refused(path, 3)]);
  });

  test("a claim that the chart makes is the chart's affair", () => {
    const own = {
      data: { ...storage.data, madeByChart: true, backup: { by: "its own dumps, each night, on the NAS" } },
    };
    expect(problems([chartApp({ storage: own, replicas: 3 })])).toEqual([]);
  });
});
