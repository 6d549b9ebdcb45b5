import { expect, test } from "vitest";
import { inventVariables, outputsToProvide, valueFor } from "../../../labs/e2e/upstream.ts";

const backend = (key: string) => ({
  terraform: { backend: { s3: { bucket: "b", key, region: "r", endpoints: { s3: "http://s3" } } } },
});
const above = (outputs: Record<string, string>) => ({
  name: "dev-cluster",
  json: {
    ...backend("terraform.tfstate"),
    output: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])),
  },
});
const reader = (key = "terraform.tfstate") => ({
  name: "dev-platform",
  json: {
    ...backend("platform.tfstate"),
    data: { terraform_remote_state: { above: { config: backend(key).terraform.backend.s3 } } },
    resource: { x: { y: { z: "${data.terraform_remote_state.above.outputs.ca}" } } },
  },
});
const stand = {
  credentials: { authority: "CA", certificate: "CERT", key: "KEY" },
  variables: { id: "of-a-run" },
};
const output = (expression: string) => ({ stack: above({}), name: "ca", expression });
const client = (field: string) =>
  output(`\${talos_cluster_kubeconfig.cluster.kubernetes_client_configuration.${field}}`);

test("the outputs that are read, with how their stack makes them", () => {
  const cluster = above({ ca: "${x.y}", unread: "z" });
  expect(outputsToProvide([reader()], [reader(), cluster])).toEqual([
    { stack: cluster, name: "ca", expression: "${x.y}" },
  ]);
});

test("an output that its stack does not have is a broken reference", () => {
  expect(() => outputsToProvide([reader()], [reader(), above({ other: "x" })])).toThrow(
    "dev-platform: reads the output ca of dev-cluster, which has no such output",
  );
});

test("a state that no stack keeps is a broken reference", () => {
  expect(() => outputsToProvide([reader("elsewhere.tfstate")], [reader(), above({ ca: "x" })])).toThrow(
    "dev-platform: reads the state b/elsewhere.tfstate, which no stack keeps",
  );
});

test("what a deployed stack gives another comes by itself", () => {
  const cluster = above({ ca: "x" });
  const platform = reader();
  expect(outputsToProvide([cluster, platform], [cluster, platform])).toEqual([]);
});

test("credentials are those of the run, in base64 as Talos gives them", () => {
  const decoded = (field: string) => Buffer.from(valueFor(client(field), stand), "base64").toString();
  expect(["ca_certificate", "client_certificate", "client_key"].map(decoded)).toEqual(["CA", "CERT", "KEY"]);
});

test("variables and constants have their values; nothing else is made up", () => {
  expect(valueFor(output("${var.id}"), stand)).toBe("of-a-run");
  expect(valueFor(output("constant"), stand)).toBe("constant");
  expect(() => valueFor(output("${var.unknown}"), stand)).toThrow(
    "dev-cluster: output ca: nothing stands for ${var.unknown}",
  );
  expect(() => valueFor(client("host"), stand)).toThrow("nothing stands for");
});

test("invented values have the shape that is checked, and differ each time", () => {
  const names = ["age_recipient", "argocd_admin_password_hash", "anything"];
  const [one, other] = [inventVariables(names), inventVariables(names)];
  expect(one.age_recipient).toMatch(/^age1[02-9ac-hj-np-z]{58}$/);
  expect(one.argocd_admin_password_hash).toMatch(/^\$2a\$10\$[./A-Za-z0-9]{53}$/);
  expect(names.filter((name) => one[name] === other[name])).toEqual([]);
});
