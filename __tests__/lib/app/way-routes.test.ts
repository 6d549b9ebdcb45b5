/** Further names of apps: what they become, who may connect from there, and what is refused. */
import { describe, expect, test } from "vitest";
import { ways, whoami } from "../../../examples/further-names/app.ts";
import type { AppEnvironment } from "../../../lib/app/app-environment.ts";
import { Apps } from "../../../lib/app/apps.ts";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { usesKubernetesApi } from "../../../lib/app/links.ts";
import type { Way } from "../../../lib/app/ways.ts";
import { synthPlatform } from "../../platform.ts";
import { resources } from "../../synth.ts";
import { chartApp, environment, type Fields, imageApp, problems } from "./lab.ts";

const CILIUM = ways?.cilium as Extract<Way, { kind: "gateway" }>;
const WAYS = { ...ways, traefik: { ...CILIUM, class: "traefik" } } as Record<string, Way>;
const withWays = (ways: Record<string, Way> | undefined = WAYS): Partial<AppEnvironment> => ({
  edge: { ...environment().edge, ways },
});

const made = (declarations: readonly AppDeclaration[]) => {
  const [, stack] = synthPlatform(
    (scope) => new Apps(scope, "apps", { declarations, environment: environment(withWays()) }),
  );
  const objects = resources(stack, "kubectl_manifest").map(({ yaml_body }) => JSON.parse(String(yaml_body)));
  return {
    ingresses: (resources(stack, "kubernetes_ingress_v1") as unknown as Fields[]).toSorted(
      (a, b) => JSON.stringify(a.metadata).length - JSON.stringify(b.metadata).length,
    ),
    route: objects.find(({ kind }) => kind === "HTTPRoute"),
    policy: JSON.stringify(objects.find(({ metadata }) => metadata.name === "app-web")),
  };
};

test("a public and an internal name are two Ingresses, and each of the two gateways is let in", () => {
  const { ingresses, policy } = made([imageApp({ alsoAt: { internal: { host: "web" } } })]);
  expect(ingresses).toMatchObject([
    {
      metadata: { name: "web" },
      spec: { ingress_class_name: "traefik", rule: [{ host: "web.example.org" }] },
    },
    {
      metadata: {
        name: "web-internal",
        annotations: { "traefik.ingress.kubernetes.io/router.entrypoints": "internal" },
      },
      spec: {
        ingress_class_name: "traefik-internal",
        tls: [{ hosts: ["web.in.example.org"], secret_name: "web-internal-tls" }],
        rule: [{ host: "web.in.example.org" }],
      },
    },
  ]);
  for (const namespace of ["traefik", "traefik-internal"])
    expect(policy).toContain(`"k8s:io.kubernetes.pod.namespace":"${namespace}"`);
});

test("a name by a gateway is an HTTPRoute of its listener, which Cilium's proxy serves", () => {
  const { route, ingresses, policy } = made([
    imageApp({
      host: undefined,
      environments: ["prod"],
      alsoAt: { cilium: { host: "web", authentication: "off" } },
    }),
  ]);
  expect(ingresses).toEqual([]);
  expect(route).toMatchObject({
    apiVersion: "gateway.networking.k8s.io/v1",
    metadata: { name: "web-cilium", namespace: "web" },
    spec: {
      parentRefs: [{ name: "home", namespace: "gateways", sectionName: "https" }],
      hostnames: ["web.example.org"],
      rules: [{ backendRefs: [{ name: "web", port: 8080 }] }],
    },
  });
  expect(policy).toContain('"fromEntities":["ingress"]');
  expect(policy).toContain('"port":"8080"');
});

test("behind Traefik as a gateway, Traefik's pods are let in", () => {
  const alsoAt = { traefik: { host: "web", authentication: "off" } };
  const { policy } = made([imageApp({ host: undefined, environments: ["prod"], alsoAt })]);
  expect(policy).toContain('"k8s:io.kubernetes.pod.namespace":"traefik"');
  expect(policy).not.toContain('"ingress"]');
});

test("the example has all three, and the internet hears of the public name alone", () => {
  const { ingresses, route } = made([whoami]);
  const told = ingresses.filter((each) => JSON.stringify(each).includes("external-dns"));
  expect(told).toMatchObject([{ spec: { rule: [{ host: "whoami.example.org" }] } }]);
  expect(ingresses).toHaveLength(2);
  expect(route).toMatchObject({ spec: { hostnames: ["echo.example.org"] } });
});

describe("refused", () => {
  test.each<[string, Fields, string]>([
    [
      "a way that there is not",
      { alsoAt: { lan: { host: "web" } } },
      "alsoAt.lan: must be a way in of prod, which stand in its edge.ways: internal, cilium, traefik",
    ],
    [
      "another domain",
      { alsoAt: { internal: { host: "web.example.org" } } },
      "must be a lower-case name in in.",
    ],
    [
      "a login at a gateway",
      { alsoAt: { cilium: { host: "w" } } },
      "alsoAt.cilium.authentication: must be off",
    ],
    [
      "a name that is taken",
      { alsoAt: { cilium: { host: "argocd.example.org", authentication: "off" } } },
      "alsoAt.cilium.host: must be free; it is ArgoCD's",
    ],
    [
      "its own host once more",
      { alsoAt: { traefik: { host: "web.example.org", authentication: "off" } } },
      "host.prod: must be of one app",
    ],
    [
      "no port",
      { port: "none", host: undefined, environments: ["prod"], alsoAt: { internal: { host: "w" } } },
      "port: must be a port: the app has a name by internal",
    ],
    ["an unknown environment", { alsoAt: { internal: { hosts: "w" } } }, "alsoAt.internal.hosts"],
  ])("%s", (_, changes, says) => {
    expect(problems([imageApp(changes)], withWays()).join("\n")).toContain(says);
  });

  test("any, where the environment has none, with what serves a host there", () => {
    expect(problems([imageApp({ alsoAt: { home: { host: "w" } } })])).toEqual([
      expect.stringContaining("edge.ways: none: host is served by its Ingress class"),
    ]);
  });

  test("a gateway whose driver does not live here, or is a Traefik that serves no route", () => {
    const driver = { side: "apps", name: "traefik" } as const;
    const home = withWays({ home: { ...CILIUM, class: "traefik", driver } });
    const traefik = (version: string) =>
      chartApp(
        {
          chart: { repository: "https://t.example.org", name: "traefik", version },
          network: [usesKubernetesApi()],
        },
        "traefik",
      );
    expect(problems([imageApp()], home)).toEqual([
      expect.stringContaining("edge.ways.home.driver.name: must"),
    ]);
    expect(problems([imageApp(), traefik("25.0.0")], home)).toEqual([
      expect.stringContaining("must be of chart 28 or later"),
    ]);
    expect(problems([imageApp(), traefik("34.0.0")], home)).toEqual([]);
  });
});
