import { describe, expect, test } from "vitest";
import { chartFacts } from "../../../environments/recorded/chart-facts.ts";
import { applicationObject, projectObject } from "../../../lib/app/application.ts";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { chartApp, type Fields, imageApp, resolved } from "./lab.ts";

// biome-ignore lint/suspicious/noExplicitAny: what is asked of the object is the test
const application = (declaration: AppDeclaration): any =>
  JSON.parse(JSON.stringify(applicationObject(resolved(declaration), "argocd")));
const values = (declaration: AppDeclaration) => application(declaration).spec.source.helm.valuesObject;
const main = (changes: Fields) => values(imageApp(changes)).controllers.main;
const volume = { class: "synelia-iscsi-retain", size: "1Gi", mount: "/data" };

test("both objects are what ArgoCD's schema takes", () => {
  for (const declaration of [imageApp(), chartApp()]) {
    applicationObject(resolved(declaration), "argocd").validate();
    projectObject(resolved(declaration), "argocd", undefined).validate();
  }
});

test("the Application syncs by itself, retries, shares nothing, and names no order that nobody reads", () => {
  const { metadata, spec } = application(imageApp());
  expect(metadata.annotations).toBeUndefined();
  expect(spec.project).toBe("web");
  expect(spec.destination).toEqual({ server: "https://kubernetes.default.svc", namespace: "web" });
  expect(spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
  expect(spec.syncPolicy.syncOptions).toContain("FailOnSharedResource=true");
  expect(spec.syncPolicy.retry.limit).toBe(10);
});

test("differences that are left alone are named", () => {
  const ignoreDifferences = [{ group: "apps", kind: "Deployment", jsonPointers: ["/spec/replicas"] }];
  expect(application(imageApp({ ignoreDifferences })).spec.ignoreDifferences).toEqual(ignoreDifferences);
});

describe("the project", () => {
  const project = (declaration: AppDeclaration) =>
    JSON.parse(JSON.stringify(projectObject(resolved(declaration), "argocd", undefined))).spec;

  test("lets one repository into one namespace, without cluster-wide kinds", () => {
    expect(project(imageApp())).toMatchObject({
      sourceRepos: ["https://bjw-s-labs.github.io/helm-charts"],
      destinations: [{ namespace: "web" }],
      clusterResourceWhitelist: [],
    });
    expect(project(imageApp()).namespaceResourceWhitelist).toContainEqual({
      group: "apps",
      kind: "Deployment",
    });
  });

  test("never lets an app make what Terraform owns", () => {
    const kinds = project(imageApp()).namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    for (const kind of ["Namespace", "ResourceQuota", "LimitRange", "CiliumNetworkPolicy", "Ingress", "*"])
      expect(kinds).not.toContain(kind);
  });

  test("lets ArgoCD show pods with their logs, and what else comes of workloads", () => {
    for (const kind of ["Pod", "Event"])
      expect(project(imageApp()).namespaceResourceWhitelist).toContainEqual({ group: "", kind });
    expect(project(imageApp()).namespaceResourceWhitelist).toContainEqual({
      group: "apps",
      kind: "ReplicaSet",
    });
  });

  test("lets in just what the chart renders, where that is known", () => {
    const facts = chartFacts("prod", "reloader");
    const { clusterResourceWhitelist, namespaceResourceWhitelist } = JSON.parse(
      JSON.stringify(projectObject(resolved(chartApp()), "argocd", facts)),
    ).spec;
    expect(clusterResourceWhitelist.map(({ kind }: { kind: string }) => kind)).toEqual([
      "ClusterRole",
      "ClusterRoleBinding",
    ]);
    expect(namespaceResourceWhitelist).toContainEqual({ group: "apps", kind: "Deployment" });
    expect(namespaceResourceWhitelist).not.toContainEqual({ group: "", kind: "Secret" });
  });

  test("lets in what the app names", () => {
    const declared = chartApp({
      clusterKinds: ["apiextensions.k8s.io/CustomResourceDefinition"],
      kinds: ["/PersistentVolumeClaim"],
      alsoInto: ["kube-system"],
    });
    const { clusterResourceWhitelist, namespaceResourceWhitelist, destinations } = project(declared);
    expect(clusterResourceWhitelist).toEqual([
      { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" },
    ]);
    expect(namespaceResourceWhitelist).toContainEqual({ group: "", kind: "PersistentVolumeClaim" });
    expect(destinations).toHaveLength(2);
  });
});

describe("an image", () => {
  test("runs as nobody, with nothing that it does not need", () => {
    const { defaultPodOptions } = values(imageApp());
    expect(defaultPodOptions.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65534 });
    expect(defaultPodOptions.automountServiceAccountToken).toBe(false);
    expect(main({}).containers.main.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });

  test("has the resources of its size, its priority and its probes", () => {
    expect(main({ size: "s" }).containers.main.resources.requests).toEqual({ cpu: "25m", memory: "256Mi" });
    expect(values(imageApp({ priority: "high" })).defaultPodOptions.priorityClassName).toBe("vixens-high");
    expect(main({}).containers.main.probes.readiness.spec.tcpSocket).toEqual({ port: 8080 });
    expect(main({ health: "/up" }).containers.main.probes.liveness.spec.httpGet).toEqual({
      path: "/up",
      port: 8080,
    });
  });

  test("keeps its digest", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    expect(main({ image: `ghcr.io/a/b:v1@${digest}` }).containers.main.image).toEqual({
      repository: "ghcr.io/a/b",
      tag: `v1@${digest}`,
    });
  });

  test("finds its secrets as variables and restarts when they change", () => {
    const { containers, annotations } = main({ secrets: ["/apps/web", "/apps/shared/smtp"] });
    expect(containers.main.envFrom).toEqual([
      { secretRef: { name: "web-secrets" } },
      { secretRef: { name: "web-smtp-secrets" } },
    ]);
    expect(annotations).toEqual({ "reloader.stakater.com/auto": "true" });
  });

  test("mounts its claims, one pod at a time", () => {
    const declared = imageApp({ storage: { data: volume } });
    expect(values(declared).persistence.data).toEqual({
      type: "persistentVolumeClaim",
      existingClaim: "web-data",
      globalMounts: [{ path: "/data" }],
    });
    expect(values(declared).controllers.main.strategy).toBe("Recreate");
  });

  test("values of its own are laid over", () => {
    expect(
      values(imageApp({ values: { controllers: { main: { type: "statefulset" } } } })).controllers.main,
    ).toMatchObject({
      type: "statefulset",
      replicas: 1,
    });
  });
});

describe("a chart", () => {
  test("gets priority, resources and replicas where it takes them", () => {
    const places = {
      priorityClassName: ["server.priorityClassName"],
      resources: ["server.resources", { at: "worker.resources", size: "s" }],
      replicas: ["server.replicas"],
    };
    expect(values(chartApp({ places, values: { server: { log: "info" } } }))).toMatchObject({
      server: {
        log: "info",
        priorityClassName: "vixens-medium",
        replicas: 1,
        resources: { requests: { cpu: "5m" } },
      },
      worker: { resources: { requests: { cpu: "25m" } } },
    });
  });

  test("of a registry loses its scheme", () => {
    const chart = { repository: "oci://ghcr.io/x/charts", name: "charted", version: "1.2.3" };
    expect(application(chartApp({ chart })).spec.source.repoURL).toBe("ghcr.io/x/charts");
  });

  test("flags are parameters of the environment; text stays text", () => {
    const flags = {
      signups: { parameter: "env.SIGNUPS", dev: true, prod: false },
      level: { parameter: "env.LEVEL", prod: "1" },
    };
    expect(application(chartApp({ flags })).spec.source.helm.parameters).toEqual([
      { name: "env.SIGNUPS", value: "false" },
      { name: "env.LEVEL", value: "1", forceString: true },
    ]);
  });
});

test("hibernation is no replicas, for every kind of source", () => {
  const git = {
    repository: "https://git.example.org/x.git",
    path: "app",
    revision: "v1",
    workloads: ["web"],
  };
  expect(main({ hibernate: true }).replicas).toBe(0);
  expect(values(chartApp({ hibernate: true })).replicaCount).toBe(0);
  const fromGit = imageApp({ image: undefined, git, pods: { app: "web" }, hibernate: true });
  expect(application(fromGit).spec.source.kustomize).toEqual({ replicas: [{ name: "web", count: 0 }] });
});

test("an override is laid over what is common, in its environment only", () => {
  const override = { prod: { size: "s", image: "example/web:v2.0.0", env: { B: "2" } }, dev: { size: "xl" } };
  const host = { prod: "web.example.org", dev: "web.dev.example.org" };
  const { containers } = main({ override, host, env: { A: "1" } });
  expect(containers.main).toMatchObject({
    image: { tag: "v2.0.0" },
    env: { A: "1", B: "2" },
    resources: { requests: { memory: "256Mi" } },
  });
});
