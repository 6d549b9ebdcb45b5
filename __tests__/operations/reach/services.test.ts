import { describe, expect, test } from "vitest";
import type { KnownChart } from "../../../environments/recorded/chart-facts.ts";
import { UnknownNameError } from "../../../operations/reach/directory.ts";
import { answer, parsePort } from "../../../operations/reach/question.ts";
import { recordedServices, servicesOf } from "../../../operations/reach/services.ts";
import { allow, defaultDeny, networkOf, pods, tcp } from "./lab.ts";

const labels = { "app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop-web" };
const workload = (name: string, own: Record<string, string>, ports: readonly object[]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "shop" },
  spec: { template: { metadata: { labels: own }, spec: { containers: [{ name, ports }] } } },
});
const service = (name: string, selector: Record<string, string>, ports: readonly object[]) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec: { selector, ports },
});
const services = servicesOf([
  {
    namespace: "shop",
    operated: [],
    workloads: [
      workload("web", labels, [{ name: "https", containerPort: 8443 }, { containerPort: 9000 }]),
      workload("db", { app: "db" }, [{ containerPort: 5432 }]),
    ],
    services: [
      service("web", labels, [
        { port: 443, targetPort: "https" },
        { port: 80, targetPort: 8080, protocol: "TCP" },
        { port: 9000, targetPort: 9001 },
        { port: 53, targetPort: "unnamed", protocol: "UDP" },
      ]),
      service("postgres", { app: "db" }, [{ port: 15432, targetPort: 5432 }]),
    ],
  } as unknown as KnownChart,
]);

const web = pods("shop", { "k8s:app.kubernetes.io/name": "web" });
const network = {
  ...networkOf({
    policies: [
      defaultDeny,
      allow("web", pods("ops", { "k8s:app": "probe" }), web, tcp(8443)),
      allow("db", web, pods("shop", { "k8s:app": "db" }), tcp(5432)),
    ],
  }),
  services,
};
const ask = (to: string, port: string, from = "ops/app=probe") =>
  answer({ network, from, to, port: parsePort(port), translatesServices: true });

describe("a port of a Service is the one at its pods", () => {
  test("by the name of a container's port", () => {
    expect(ask("shop/web", "443")).toMatchObject({
      port: 8443,
      verdict: "allowed",
      notes: ["443/TCP is a port of the Service shop/web: asked for 8443/TCP, which its pods listen on"],
    });
  });

  test("by number, whichever policy then decides", () => {
    expect(ask("shop/web", "80")).toMatchObject({ port: 8080, verdict: "denied" });
  });

  test.each([
    ["53/UDP", 53],
    ["8443", 8443],
    ["443/UDP", 443],
    ["1234", 1234],
  ])("%s stays as it is", (port, number) => {
    expect(ask("shop/web", port)).toMatchObject({ port: number, notes: [] });
  });

  test("a port that the pods listen on is theirs, and the Service is mentioned", () => {
    expect(ask("shop/web", "9000")).toMatchObject({
      port: 9000,
      notes: ["asked about 9000/TCP of the pod itself; the Service shop/web leads from 9000/TCP to 9001/TCP"],
    });
  });

  test("of another pod of the namespace is none of its own", () => {
    expect(ask("shop/app=db", "443")).toMatchObject({ port: 443, notes: [] });
  });

  test("only where a client is meant: reports ask about ports of pods", () => {
    expect(answer({ network, from: "node", to: "shop/web", port: parsePort("443") }).port).toBe(443);
  });
});

describe("a Service is called by its own name too", () => {
  test.each(["shop/postgres", "postgres.shop.svc", "postgres.shop.svc.cluster.local"])("%s", (name) => {
    expect(ask(name, "15432", "shop/web")).toMatchObject({
      to: "shop/app=db",
      port: 5432,
      verdict: "allowed",
      notes: expect.arrayContaining(["asked for a pod of the Service shop/postgres"]),
    });
  });

  test("an unknown one is refused", () => {
    expect(() => ask("postgrs.shop.svc", "5432")).toThrow(UnknownNameError);
  });
});

test("the gateway's Service of prod, as its chart renders it, leads from 443 to 8443", () => {
  const traefik = recordedServices("prod").find(
    ({ namespace, name }) => `${namespace}/${name}` === "traefik/traefik",
  );
  expect(traefik?.ports).toContainEqual({ port: 443, protocol: "TCP", target: 8443 });
});
