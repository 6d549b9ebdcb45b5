import { describe, expect, test } from "vitest";
import {
  application,
  compare,
  contested,
  type Files,
  kustomization,
  manifest,
  object,
  overlay,
  resource,
} from "./fixtures.ts";

/** An Application `web` into the namespace `web`, with these objects. */
const syncing = (objects: readonly object[], namespace = "web"): Files =>
  overlay([application("web", "apps/web", { namespace })], {
    "apps/web/kustomization.yaml": kustomization({ resources: ["all.yaml"] }),
    "apps/web/all.yaml": objects,
  });

const ingress = (id: string, host: string, more: object = {}) =>
  object(`networking.k8s.io/v1 Ingress ${id}`, { spec: { rules: [{ host }], ...more } });

describe("the same object", () => {
  test("has two owners, whatever the version of its API", () => {
    const ours = [manifest("a", object("autoscaling/v2 HorizontalPodAutoscaler web/a"))];
    expect(contested(compare(ours, syncing([object("autoscaling/v1 HorizontalPodAutoscaler a")])))).toEqual([
      "HorizontalPodAutoscaler.autoscaling web/a",
    ]);
  });

  test.each([
    ["name", "v1 Secret web/b"],
    ["namespace", "v1 Secret other/a"],
    ["kind", "v1 ConfigMap web/a"],
    ["group", "example.org/v1 Secret web/a"],
  ])("has one when the %s differs", (_, id) => {
    expect(contested(compare([manifest("a", object("v1 Secret web/a"))], syncing([object(id)])))).toEqual([]);
  });

  test("of the whole cluster has no namespace, as its definition or our stack says", () => {
    const definition = object("apiextensions.k8s.io/v1 CustomResourceDefinition wides.example.org", {
      spec: { group: "example.org", scope: "Cluster", names: { kind: "Wide" } },
    });
    const ours = [
      manifest("a", object("example.org/v1 Wide x/a")),
      manifest("b", object("example.org/v1 Broad b")),
    ];
    const theirs = syncing([definition, object("example.org/v1 Wide a"), object("example.org/v1 Broad b")]);
    expect(contested(compare(ours, theirs))).toEqual(["Wide.example.org a", "Broad.example.org b"]);
  });
});

describe("an object that a controller makes", () => {
  const secret = [resource("kubernetes_secret_v1", "s", { metadata: { name: "keys", namespace: "web" } })];
  test.each([
    [
      "InfisicalSecret",
      object("secrets.infisical.com/v1alpha1 InfisicalSecret x", {
        spec: { managedSecretReference: { secretName: "keys", secretNamespace: "web" } },
      }),
    ],
    [
      "InfisicalSecret with several",
      object("secrets.infisical.com/v1alpha1 InfisicalSecret x", {
        spec: { managedKubeSecretReferences: [{ secretName: "keys", secretNamespace: "web" }] },
      }),
    ],
    [
      "ExternalSecret",
      object("external-secrets.io/v1 ExternalSecret x", { spec: { target: { name: "keys" } } }),
    ],
    ["ExternalSecret of the same name", object("external-secrets.io/v1 ExternalSecret keys")],
    ["Certificate", object("cert-manager.io/v1 Certificate x", { spec: { secretName: "keys" } })],
    ["Ingress", ingress("x", "x.example.org", { tls: [{ secretName: "keys" }] })],
  ])("of an %s is theirs too", (_, maker) => {
    const issued = {
      ...maker,
      metadata: { ...maker.metadata, annotations: { "cert-manager.io/cluster-issuer": "i" } },
    };
    expect(contested(compare(secret, syncing([issued])))).toEqual(["Secret web/keys"]);
  });

  test("of an Ingress without an issuer is nobody's", () => {
    const tls = ingress("x", "x.example.org", { tls: [{ secretName: "keys" }] });
    expect(contested(compare(secret, syncing([tls])))).toEqual([]);
  });

  test("is said once, when what makes it has two owners itself", () => {
    const both = object("external-secrets.io/v1 ExternalSecret web/keys");
    expect(contested(compare([manifest("a", both)], syncing([both])))).toEqual([
      "ExternalSecret.external-secrets.io web/keys",
    ]);
  });
});

describe("a name or an address", () => {
  const rule = [{ host: "a.example.org" }, { host: "b.example.org" }];
  const route = resource("kubernetes_ingress_v1", "r", {
    metadata: { name: "web", namespace: "mine" },
    spec: { rule },
  });
  const values = (value: object) => ({
    repoURL: "https://c.example.org",
    chart: "c",
    targetRevision: "1.0.0",
    helm: { valuesObject: value },
  });
  const charted = (value: object) => overlay([application("c", "", { sources: [values(value)] })], {});

  test.each([
    ["an Ingress", syncing([ingress("other", "b.example.org")])],
    [
      "an IngressRoute",
      syncing([
        object("traefik.io/v1alpha1 IngressRoute x", {
          spec: { routes: [{ match: "Host(`z.example.org`) || Host(`b.example.org`) && PathPrefix(`/`)" }] },
        }),
      ]),
    ],
    [
      "an HTTPRoute",
      syncing([
        object("gateway.networking.k8s.io/v1 HTTPRoute x", { spec: { hostnames: ["b.example.org"] } }),
      ]),
    ],
    ["a chart's values", charted({ ingress: { enabled: true, hosts: [{ host: "b.example.org" }] } })],
  ])("of %s", (_, theirs) => {
    expect(contested(compare([route], theirs))).toEqual(["host b.example.org"]);
  });

  test("of an Ingress that a chart does not make", () => {
    expect(
      contested(compare([route], charted({ ingress: { enabled: false, host: "b.example.org" } }))),
    ).toEqual([]);
    expect(contested(compare([route], charted({ smtp: { host: "b.example.org" } })))).toEqual([]);
  });

  test("of an Ingress with two owners is said once", () => {
    const theirs = syncing([ingress("mine/web", "b.example.org")]);
    expect(contested(compare([route], theirs))).toEqual(["Ingress.networking.k8s.io mine/web"]);
  });

  test.each([
    ["in an annotation", { metadata: { annotations: { "io.cilium/lb-ipam-ips": "10.0.0.8,10.0.0.9" } } }],
    ["in the spec", { spec: { loadBalancerIP: "10.0.0.9" } }],
  ])("of a load balancer, %s", (_, more) => {
    const ours = resource("kubernetes_service_v1", "s", {
      metadata: { name: "lb", namespace: "mine", annotations: { "lbipam.cilium.io/ips": "10.0.0.9" } },
    });
    expect(contested(compare([ours], syncing([object("v1 Service other", more)])))).toEqual([
      "address 10.0.0.9",
    ]);
  });
});

describe("a Helm release", () => {
  const release = (name: string, namespace = "web") =>
    resource("helm_release", `r/${name}`, { name, namespace, chart: "nice", version: "1.0.0" });
  const chart = (name: string, chart = "nice") =>
    overlay(
      [
        application(name, "", {
          namespace: "web",
          sources: [{ repoURL: "https://c.example.org", chart, targetRevision: "2.0.0" }],
        }),
      ],
      {},
    );

  test("of one name has two owners", () => {
    expect(contested(compare([release("web")], chart("web")))).toEqual(["Helm release web/web"]);
  });

  test("owns plain objects that are called like it, those of the longest name", () => {
    const theirs = syncing([
      object("apps/v1 Deployment web"),
      object("v1 Service web-api"),
      object("v1 Service web-api-x"),
      object("v1 Service webbing"),
      object("v1 Secret else/web"),
      object("rbac.authorization.k8s.io/v1 ClusterRole web-reader"),
      object("v1 Namespace web"),
    ]);
    expect(contested(compare([release("web"), release("web-api")], theirs))).toEqual([
      "objects of the Helm release web/web, guessed by their names: Deployment.apps web/web, ClusterRole.rbac.authorization.k8s.io web-reader",
      "objects of the Helm release web/web-api, guessed by their names: Service web/web-api, Service web/web-api-x",
    ]);
  });

  test("of theirs owns plain objects of ours", () => {
    const ours = resource("kubernetes_service_v1", "s", { metadata: { name: "web", namespace: "web" } });
    expect(contested(compare([ours], chart("web")))).toEqual([
      "objects of the Helm release web/web, guessed by their names: Service web/web",
    ]);
  });

  test("may own what only begins with its name, which is said as not known", () => {
    const theirs = compare(
      [release("web")],
      syncing([object("v1 Secret web-s3"), object("batch/v1 Job web-x")]),
    );
    expect(contested(theirs)).toEqual([]);
    expect(theirs.unknown).toContainEqual({
      where: "apps/web/all.yaml",
      why: "Secret web/web-s3 may be one of the Helm release web/web, by its name: look into the chart nice",
    });
    const secret = resource("kubernetes_secret_v1", "s", { metadata: { name: "web-s3", namespace: "web" } });
    const ours = compare([secret], chart("web"));
    expect(contested(ours)).toEqual([]);
    expect(ours.unknown).toContainEqual({
      where: "dev-platform kubernetes_secret_v1.s",
      why: "Secret web/web-s3 may be one of the Helm release web/web, by its name: look into the chart nice",
    });
  });

  test("of the same chart under another name is said as not known; not of a chart that runs anything", () => {
    const whys = (files: Files, ours = release("mine")) =>
      compare([ours], files).unknown.map(({ why }) => why);
    expect(whys(chart("web"))).toContain(
      "chart nice is also installed as web/web by argocd/overlays/dev/apps/web.yaml: what it makes for the whole cluster may be the same",
    );
    const generic = resource("helm_release", "g", {
      name: "g",
      namespace: "g",
      chart: "app-template",
      version: "4.1.1",
    });
    expect(whys(chart("web", "app-template"), generic).join()).not.toContain("also installed");
  });
});

test("an object without a name is said as not known", () => {
  expect(
    compare([], syncing([{ apiVersion: "v1", kind: "Secret", metadata: { generateName: "x-" } }])).unknown,
  ).toEqual([{ where: "apps/web/all.yaml", why: 'an object of kind "Secret" without a name' }]);
});
