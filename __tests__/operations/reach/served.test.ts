import { describe, expect, test } from "vitest";
import { UnknownNameError } from "../../../operations/reach/directory.ts";
import { answer, parsePort } from "../../../operations/reach/question.ts";
import { allow, defaultDeny, networkOf, pods, tcp } from "./lab.ts";

const application = (name: string, namespace: string, valuesObject: object = {}) =>
  JSON.stringify({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name, namespace: "argocd", labels: { "vixens.lab/environment": "prod" } },
    spec: { destination: { namespace }, source: { helm: { valuesObject } } },
  });

const traefik = pods("traefik", { "k8s:app.kubernetes.io/name": "traefik" });

const network = networkOf({
  cilium: {},
  policies: [defaultDeny, allow("app-shop", pods("sales", { "k8s:kind": "till" }), traefik, tcp(8443))],
  manifests: [
    application("shop", "sales"),
    application("db", "data"),
    application("probe", "monitoring", { hostNetwork: true }),
    application("mail", "post", { service: { annotations: { "io.cilium/lb-ipam-ips": "192.0.2.7" } } }),
  ],
  resources: { kubernetes_ingress_v1: { shop: { spec: { rule: [{ host: "shop.example.org" }] } } } },
});

const ask = (from: string, to: string, port = "443") => answer({ network, from, to, port: parsePort(port) });

describe("apps/<name>", () => {
  test("is the app of that name wherever it runs, with the labels that its policy selects", () => {
    expect(ask("apps/shop", "internet")).toMatchObject({
      from: "sales/app.kubernetes.io/instance=shop,app.kubernetes.io/name=shop,kind=till",
      verdict: "denied",
      notes: [],
    });
  });

  test("is the node for an app on its network", () => {
    expect(ask("apps/probe", "internet")).toMatchObject({ from: "node" });
  });

  test("an unknown one is refused with suggestions", () => {
    expect(() => ask("apps/shopp", "internet")).toThrow(UnknownNameError);
    expect(() => ask("apps/shopp", "internet")).toThrow(/closest: apps\/shop/);
  });
});

describe("a destination that the cluster serves is what is behind it", () => {
  test("a host is the gateway", () => {
    expect(ask("apps/shop", "shop.example.org")).toMatchObject({
      to: "traefik/traefik",
      port: 8443,
      verdict: "allowed",
      notes: ["shop.example.org is translated before the policy: asked for traefik/traefik on 8443/TCP"],
    });
    expect(ask("apps/db", "fqdn:shop.example.org")).toMatchObject({
      to: "traefik/traefik",
      verdict: "denied",
    });
  });

  test("a load-balancer address is its app", () => {
    expect(ask("apps/db", "192.0.2.7", "25")).toMatchObject({
      to: "post/app.kubernetes.io/instance=mail,app.kubernetes.io/name=mail",
      port: 25,
      verdict: "denied",
    });
  });
});
