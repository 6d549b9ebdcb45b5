import { expect, test } from "vitest";
import {
  addresses,
  apiServerUrl,
  manifests,
  releases,
  remoteStates,
  stateLocation,
  variableNames,
} from "../../../labs/e2e/synthesized.ts";

const s3 = { bucket: "states", key: "platform.tfstate", region: "r", endpoints: { s3: "http://s3:9000" } };
const reading = (name: string) => `\${data.terraform_remote_state.above.outputs.${name}}`;
const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } };

const stack = {
  name: "dev-platform",
  json: {
    terraform: { backend: { s3 } },
    data: {
      terraform_remote_state: { above: { config: { ...s3, key: "terraform.tfstate" } } },
      http: { ready: { ca_cert_pem: reading("ca") } },
    },
    provider: { kubectl: [{ host: "https://192.0.2.1:6443", client_key: reading("key-of_client") }] },
    variable: { id: { type: "string" }, size: { default: "s" } },
    resource: {
      kubectl_manifest: { x: { yaml_body: JSON.stringify(object) } },
      helm_release: {
        c: { name: "cilium", namespace: "kube-system", repository: "r", chart: "cilium", version: "1" },
      },
      kubernetes_secret_v1: { s: { data: { again: reading("ca") } } },
    },
  },
};

test("custom resources, with where they come from", () => {
  expect(manifests(stack)).toEqual([{ stack: "dev-platform", address: "kubectl_manifest.x", object }]);
});

test("releases, whose values may be absent", () => {
  expect(releases(stack)).toEqual([
    expect.objectContaining({ address: "helm_release.c", chart: "cilium", version: "1", values: [] }),
  ]);
});

test("every managed address", () => {
  expect(addresses(stack)).toEqual(["kubectl_manifest.x", "helm_release.c", "kubernetes_secret_v1.s"]);
});

test("outputs that are read anywhere, each once", () => {
  expect(remoteStates(stack)).toEqual([
    {
      location: { bucket: "states", key: "terraform.tfstate", region: "r", endpoint: "http://s3:9000" },
      outputs: ["ca", "key-of_client"],
    },
  ]);
});

test("where the state is; another backend is refused", () => {
  expect(stateLocation(stack)).toMatchObject({ bucket: "states", key: "platform.tfstate" });
  const local = { name: "x", json: { terraform: { backend: { local: {} } } } };
  expect(() => stateLocation(local)).toThrow("x: must keep its state in S3: got local");
});

test("one API server for all providers of all stacks", () => {
  expect(apiServerUrl([stack, stack]).port).toBe("6443");
  const other = {
    name: "other",
    json: { provider: { helm: [{ kubernetes: { host: "https://192.0.2.2" } }] } },
  };
  expect(() => apiServerUrl([stack, other])).toThrow(
    "providers must name one API server: got https://192.0.2.1:6443, https://192.0.2.2",
  );
  expect(() => apiServerUrl([])).toThrow("providers must name one API server");
});

test("variables without a default", () => {
  expect(variableNames([stack, stack])).toEqual(["id"]);
});
