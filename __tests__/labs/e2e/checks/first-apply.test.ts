import { expect, test } from "vitest";
import { bringers } from "../../../../labs/e2e/checks/first-apply.ts";
import type { CustomResourceDefinition } from "../../../../labs/e2e/definition.ts";
import { environmentNamed } from "../../../../operations/cli/environments.ts";

const definition = (group: string, kind: string) =>
  ({
    metadata: { name: `${kind}.${group}` },
    spec: { group, names: { kind } },
  }) as unknown as CustomResourceDefinition;
const application = (name: string) => ({
  stack: "prod-apps",
  address: name,
  object: { apiVersion: "argoproj.io/v1alpha1", kind: "Application", metadata: { name } },
});

test("nothing that an app's chart brings is there before its Application", () => {
  const secret = definition("secrets.infisical.com", "InfisicalSecret");
  const schedule = definition("velero.io", "Schedule");
  const policy = definition("cilium.io", "CiliumNetworkPolicy");
  const { ground, byApplication } = bringers({
    environment: environmentNamed("prod"),
    manifests: [application("infisical-operator"), application("velero")] as never,
    definitions: [secret, schedule, policy],
  });
  expect(ground).toEqual([policy]);
  expect(Object.fromEntries(byApplication)).toEqual({ "infisical-operator": [secret], velero: [schedule] });
});
