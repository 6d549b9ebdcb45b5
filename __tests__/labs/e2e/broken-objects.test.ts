import { expect, test } from "vitest";
import { brokenObjects } from "../../../labs/e2e/broken-objects.ts";
import { CustomResource } from "../../../lib/core/kubernetes/custom-resource.ts";
import { KubectlProvider } from "../../../lib/core/providers/kubectl/provider.ts";
import { synth } from "../../synth.ts";

const synthesize = (object: (typeof brokenObjects)[number]["object"]) =>
  synth((stack) => {
    new KubectlProvider(stack, "kubectl", {
      host: "https://192.0.2.1:6443",
      clusterCaCertificate: "ca",
      clientCertificate: "cert",
      clientKey: "key",
    });
    new CustomResource(stack, "broken", { object });
  });

const refusal = (act: () => unknown): string => {
  try {
    act();
    return "no refusal";
  } catch (error) {
    return (error as Error).message;
  }
};

test.each(brokenObjects.map((each) => [`${each.object.kind}: ${each.fault}`, each] as const))(
  "%s is refused at synth",
  (_, { object, path }) => {
    const said = refusal(() => synthesize(object));
    expect(said).toContain(`${object.kind} broken: `);
    expect(said).toContain(path);
  },
);

test("thirty faults, none twice", () => {
  const faults = new Set(brokenObjects.map(({ object, fault }) => `${object.kind} ${fault}`));
  expect(faults.size).toBe(30);
  expect(brokenObjects).toHaveLength(30);
});
