import { expect, test } from "vitest";
import {
  InfisicalBootstrapSecret,
  type InfisicalBootstrapSecretProps,
} from "../../../lib/argocd/infisical-bootstrap-secret.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";

const build = (props?: InfisicalBootstrapSecretProps) => {
  const [construct, stack] = synthPlatform((s) => new InfisicalBootstrapSecret(s, "infisical", props));
  return { construct, stack, secret: onlyResource(stack, "kubernetes_secret_v1") };
};

test("holds the machine identity where the operator looks for it", () => {
  const { construct, secret } = build();
  expect(secret).toMatchObject({
    metadata: {
      name: "infisical-universal-auth",
      namespace: "argocd",
      labels: { app: "infisical-operator", "managed-by": "terraform" },
    },
    type: "Opaque",
  });
  expect(construct.outputs).toEqual({ name: "infisical-universal-auth", namespace: "argocd" });
});

test("writes its values from variables that neither state nor plan keep", () => {
  const { stack, secret } = build();
  expect(secret).toMatchObject({
    data_wo: { clientId: "${var.infisical_client_id}", clientSecret: "${var.infisical_client_secret}" },
    data_wo_revision: 1,
  });
  expect(secret).not.toHaveProperty("data");
  for (const name of ["infisical_client_id", "infisical_client_secret"]) {
    const variable = stack.variable?.[name];
    expect(variable).toMatchObject({ type: "string", sensitive: true, ephemeral: true, nullable: false });
    expect(variable).not.toHaveProperty("default");
  }
});

test("another revision writes again; another namespace holds it", () => {
  const { secret } = build({ revision: 2, namespace: "security" });
  expect(secret).toMatchObject({ data_wo_revision: 2, metadata: { namespace: "security" } });
});

test.each([0, -1, 1.5])("refuses the revision %d", (revision) => {
  expect(() => build({ revision })).toThrow(
    `InfisicalBootstrapSecret: revision: must be a whole number of at least 1: got ${revision}`,
  );
});
