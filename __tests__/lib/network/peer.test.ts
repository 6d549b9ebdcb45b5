import { expect, test } from "vitest";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { Peer } from "../../../lib/network/peer.ts";

test("a workload is selected by namespace and labels, both from the Kubernetes source", () => {
  expect(Peer.workload("argocd", { "app.kubernetes.io/name": "argocd-redis" }).target).toEqual({
    kind: "endpoints",
    selector: {
      matchLabels: {
        "k8s:io.kubernetes.pod.namespace": "argocd",
        "k8s:app.kubernetes.io/name": "argocd-redis",
      },
    },
  });
});

test("every pod means those with a namespace, so health and ingress endpoints are left out", () => {
  expect(Peer.everyPod().target).toEqual({
    kind: "endpoints",
    selector: { matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }] },
  });
});

test("the host of a URL is an address or a name", () => {
  expect(Peer.urlHost(HttpUrl.parse("http://192.0.2.69:9000")).target).toMatchObject({
    kind: "cidr",
    cidr: "192.0.2.69/32",
  });
  expect(Peer.urlHost(HttpUrl.parse("https://github.com/a/b.git")).target).toEqual({
    kind: "fqdn",
    name: "github.com",
  });
});

test("labels name a peer in reports", () => {
  expect(Peer.workload("kube-system", { "k8s-app": "kube-dns" }).label).toBe("kube-system/kube-dns");
  expect(Peer.namespace("media").label).toBe("media/*");
  expect(Peer.entities("host", "remote-node").label).toBe("host+remote-node");
});

test.each([
  ["no labels", () => Peer.workload("x", {}), "workload of x needs at least one label"],
  ["a pattern", () => Peer.fqdn("*.example.org"), 'fully qualified name: got "*.example.org"'],
  ["a single label", () => Peer.fqdn("localhost"), 'fully qualified name: got "localhost"'],
  ["a broken CIDR", () => Peer.cidr("10.0.0.0/33"), "10.0.0.0/33"],
  [
    "an exception outside",
    () => Peer.cidr("10.0.0.0/8", ["192.168.0.0/16"]),
    "must lie inside 10.0.0.0/8: got 192.168.0.0/16",
  ],
  [
    "an exception wider than its CIDR",
    () => Peer.cidr("10.0.0.0/16", ["10.0.0.0/8"]),
    "must lie inside 10.0.0.0/16: got 10.0.0.0/8",
  ],
])("refuses %s", (_, make, message) => {
  expect(make).toThrow(message);
});
