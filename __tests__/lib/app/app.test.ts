import { describe, expect, test } from "vitest";
import type { AppEnvironment } from "../../../lib/app/app-environment.ts";
import { Apps } from "../../../lib/app/apps.ts";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { uses } from "../../../lib/app/links.ts";
import { synthPlatform } from "../../platform.ts";
import { resources, type SynthesizedStack } from "../../synth.ts";
import { environment, type Fields, imageApp } from "./lab.ts";

const stackOf = (declarations: readonly AppDeclaration[], changes: Partial<AppEnvironment> = {}) =>
  synthPlatform((scope) => new Apps(scope, "apps", { declarations, environment: environment(changes) }))[1];
const stack = (changes: Fields = {}, surroundings: Partial<AppEnvironment> = {}) =>
  stackOf([imageApp(changes)], surroundings);

// biome-ignore lint/suspicious/noExplicitAny: what is asked of the objects is the test
const objects = (synthesized: SynthesizedStack, kind: string): any[] =>
  resources(synthesized, "kubectl_manifest")
    .map(({ yaml_body }) => JSON.parse(String(yaml_body)))
    .filter((object) => object.kind === kind);

/** The resources that one waits for, itself left out. */
const before = (synthesized: SynthesizedStack, type: string, part: string): string[] =>
  Object.entries(synthesized.resource?.[type] ?? {})
    .filter(([id]) => id.includes(part))
    .flatMap(([, { depends_on }]) => depends_on as string[]);

const volume = { class: "synelia-iscsi-retain", size: "5Gi", mount: "/data" };

test("a plain app is a namespace with its limits, a policy, a route, and ArgoCD's two objects", () => {
  const counts = Object.entries(stack().resource ?? {}).map(([type, all]) => [type, Object.keys(all).length]);
  expect(Object.fromEntries(counts)).toEqual({
    kubectl_manifest: 4,
    kubernetes_ingress_v1: 1,
    kubernetes_limit_range_v1: 1,
    kubernetes_namespace_v1: 1,
    kubernetes_resource_quota_v1: 2,
  });
});

test("nothing is made of a catalogue that is refused", () => {
  expect(() => stack({ image: "web" })).toThrow("apps.web.image: must be repository:tag");
});

test("in a shared namespace it brings none", () => {
  expect(stack({ namespace: "media" }).resource).not.toHaveProperty("kubernetes_namespace_v1");
});

test("the Application comes after namespace, quota, policy, secrets, claims and project", () => {
  const made = stack({ secrets: ["/apps/web"], storage: { data: volume } });
  const waits = before(made, "kubectl_manifest", "apps_web_application");
  for (const part of ["namespace_v1", "quota", "network-policy", "secret-web", "claim-data", "project"])
    expect(waits).toContainEqual(expect.stringContaining(part));
});

test("an app comes after those it uses", () => {
  const db = imageApp({ host: undefined, environments: ["prod"] }, "db");
  const made = stackOf([imageApp({ network: [uses(db)] }), db]);
  expect(before(made, "kubectl_manifest", "apps_web_application")).toContainEqual(
    expect.stringContaining("apps_db_application"),
  );
});

test("claims and the namespace are never destroyed by a plan", () => {
  const made = stack({ storage: { data: volume, cache: { ...volume, mount: "/cache" } } });
  for (const type of ["kubernetes_persistent_volume_claim_v1", "kubernetes_namespace_v1"])
    for (const block of resources(made, type)) expect(block.lifecycle).toEqual({ prevent_destroy: true });
  expect(resources(made, "kubernetes_persistent_volume_claim_v1")).toHaveLength(2);
});

test("a claim that the chart makes is only counted", () => {
  const made = stack({
    image: undefined,
    chart: { repository: "https://c.example.org", name: "web", version: "1.0.0" },
    places: { priorityClassName: [], resources: [], replicas: [] },
    storage: {
      data: {
        class: "synelia-iscsi-retain",
        size: "5Gi",
        madeByChart: true,
        backup: { by: "its own dumps, each night, on the NAS" },
      },
    },
  });
  expect(made.resource).not.toHaveProperty("kubernetes_persistent_volume_claim_v1");
});

describe("volumes", () => {
  const storage = {
    data: volume,
    cache: { ...volume, mount: "/cache", backup: { off: "only copies of what is elsewhere" } },
  };

  test("are backed up by Velero, in the namespaces of their claims", () => {
    const made = stack({ storage });
    expect(objects(made, "Schedule")).toMatchObject([
      { metadata: { name: "volumes-daily" }, spec: { template: { includedNamespaces: ["web"] } } },
    ]);
    expect(resources(made, "kubernetes_config_map_v1")).toMatchObject([
      { metadata: { namespace: "velero" } },
    ]);
    const labels = resources(made, "kubernetes_persistent_volume_claim_v1").map(({ metadata }) => metadata);
    expect(labels).toMatchObject([
      { labels: { "terravixens/volume-backup": "off" } },
      { labels: { "terravixens/volume-backup": "daily" } },
    ]);
  });

  test("are not where the environment backs none up", () => {
    expect(objects(stack({ storage }, { backsVolumesUp: false }), "Schedule")).toEqual([]);
  });

  test("wait for Velero where it is one of the apps", () => {
    const velero = imageApp({}, "velero");
    const made = stackOf([velero, imageApp({ storage })]);
    expect(before(made, "kubectl_manifest", "schedule-volumes")).toContainEqual(
      expect.stringContaining("apps_velero_application"),
    );
  });
});

test("more than one pod makes a disruption budget", () => {
  expect(stack().resource).not.toHaveProperty("kubernetes_pod_disruption_budget_v1");
  expect(resources(stack({ replicas: 2 }), "kubernetes_pod_disruption_budget_v1")).toMatchObject([
    { spec: { max_unavailable: "1", selector: { match_labels: { "app.kubernetes.io/name": "web" } } } },
  ]);
});

test("what looks like a Terraform expression reaches ArgoCD as it stands", () => {
  const [{ yaml_body }] = resources(stack({ env: { PATTERN: "${HOST} %{x}" } }), "kubectl_manifest").filter(
    ({ yaml_body }) => String(yaml_body).includes('"Application"'),
  ) as [{ yaml_body: string }];
  expect(yaml_body).toContain("$${HOST} %%{x}");
});

describe("the route", () => {
  const route = (changes: Fields = {}) => resources(stack(changes), "kubernetes_ingress_v1")[0] as never;
  const middlewares = "traefik.ingress.kubernetes.io/router.middlewares";

  test("has a certificate, the login, and a private name", () => {
    expect(route()).toMatchObject({
      metadata: {
        annotations: {
          "cert-manager.io/cluster-issuer": "letsencrypt-prod",
          [middlewares]: "traefik-redirect-https@kubernetescrd,auth-forward-auth@kubernetescrd",
        },
      },
      spec: { tls: [{ hosts: ["web.example.org"], secret_name: "web-tls" }], ingress_class_name: "traefik" },
    });
    expect(JSON.stringify(route())).not.toContain("external-dns");
  });

  test("without the login only by name", () => {
    const { metadata } = route({ authentication: "off" }) as { metadata: { annotations: object } };
    expect(metadata.annotations).toMatchObject({ [middlewares]: "traefik-redirect-https@kubernetescrd" });
  });

  test("public where the app says so", () => {
    expect(route({ dns: "public" })).toMatchObject({
      metadata: { annotations: { "external-dns.alpha.kubernetes.io/public": "true" } },
    });
  });
});

describe("secrets", () => {
  const secrets = ["/apps/tools/web", "/apps/shared/smtp"];

  test("come from Infisical by reference", () => {
    const [own, smtp] = objects(stack({ secrets }), "InfisicalSecret");
    expect(own).toEqual({
      apiVersion: "secrets.infisical.com/v1alpha1",
      kind: "InfisicalSecret",
      metadata: { name: "web-secrets", namespace: "web" },
      spec: {
        hostAPI: "http://192.0.2.69:8085",
        resyncInterval: 60,
        authentication: {
          universalAuth: {
            credentialsRef: { secretName: "infisical-universal-auth", secretNamespace: "argocd" },
            secretsScope: { projectSlug: "lab", envSlug: "prod", secretsPath: "/apps/tools/web" },
          },
        },
        managedSecretReference: {
          secretName: "web-secrets",
          secretNamespace: "web",
          creationPolicy: "Owner",
        },
      },
    });
    expect(smtp.metadata.name).toBe("web-smtp-secrets");
  });

  test("or from External Secrets Operator, behind the same field", () => {
    const secretStore = {
      kind: "external-secrets",
      clusterSecretStore: "vault",
      provider: { kind: "existing", reads: "folder" },
      resyncSeconds: 300,
    } as const;
    expect(objects(stack({ secrets: ["/apps/web"] }, { secretStore }), "ExternalSecret")).toMatchObject([
      {
        metadata: { name: "web-secrets", namespace: "web" },
        spec: {
          refreshInterval: "300s",
          secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
          dataFrom: [{ find: { path: "/apps/web" } }],
        },
      },
    ]);
  });
});

describe("ArgoCD may fetch", () => {
  const names = (declarations: readonly AppDeclaration[]): string[] =>
    objects(stackOf(declarations), "CiliumClusterwideNetworkPolicy")
      .filter(({ metadata }) => metadata.name === "argocd-charts")
      .flatMap(({ specs }) => specs)
      .flatMap(({ egress }) => egress)
      .flatMap(({ toFQDNs = [] }) => toFQDNs)
      .map(({ matchName }) => matchName);

  test("the community's chart, its releases and its schema", () => {
    expect(names([imageApp()])).toEqual([
      "bjw-s-labs.github.io",
      "github.com",
      "objects.githubusercontent.com",
      "raw.githubusercontent.com",
      "release-assets.githubusercontent.com",
    ]);
  });

  test("nothing when there are no apps", () => {
    expect(names([])).toEqual([]);
  });
});

test("an app that comes leaves the others' resources as they were", () => {
  const shared = imageApp({}, "shared");
  const [alone, together] = [stackOf([shared]), stackOf([imageApp({}, "another"), shared])];
  for (const [type, all] of Object.entries(alone.resource ?? {}))
    expect(together.resource?.[type]).toMatchObject(all);
});

describe("where nodes are under policy", () => {
  const privileges = { why: "It speaks multicast.", hostNetwork: true };
  const surroundings = { acceptedRisks: ["privileged-web"], nodesUnderPolicy: true };
  const names = (changes: Fields, around: Partial<AppEnvironment>): string[] =>
    objects(stack(changes, around), "CiliumClusterwideNetworkPolicy").map(({ metadata }) => metadata.name);

  test("an app on the node's network is let in there too", () => {
    expect(names({ privileges }, surroundings)).toContain("app-web-nodes");
    expect(names({ privileges }, { ...surroundings, nodesUnderPolicy: false })).not.toContain(
      "app-web-nodes",
    );
  });

  test("an app of pods needs no such thing", () => {
    expect(names({}, { nodesUnderPolicy: true })).not.toContain("app-web-nodes");
  });
});
