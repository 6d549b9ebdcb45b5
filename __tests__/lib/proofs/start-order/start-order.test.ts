import { describe, expect, test } from "vitest";
import { backupOf, stateBucketOf } from "../../../../environments/absent.ts";
import type { ChartFacts } from "../../../../environments/recorded/chart-facts.ts";
import { catalogueOf } from "../../../../lib/app/catalogue.ts";
import type { AppDeclaration } from "../../../../lib/app/declaration.ts";
import { exposedBy, loadBalancer } from "../../../../lib/app/links.ts";
import { HttpUrl } from "../../../../lib/core/values/http-url.ts";
import { Port } from "../../../../lib/network/port.ts";
import { startProblems, undefinedKinds } from "../../../../lib/proofs/start-order/start-order.ts";
import type { StartingEnvironment } from "../../../../lib/proofs/start-order/things.ts";
import { parsed } from "../../../stacks/homelab.ts";
import { chartApp, type Fields, environment as home, imageApp } from "../../app/lab.ts";

const prod = parsed("prod");

const problems = (
  declarations: readonly AppDeclaration[] = [],
  changes: Partial<StartingEnvironment> = {},
  charts: readonly ChartFacts[] = [],
): string[] =>
  startProblems({
    environment: { ...prod, ...changes },
    apps: [...catalogueOf(declarations, home()).apps.values()],
    charts,
  });

/** The gateway, at an address of the load balancer. */
const gateway = chartApp(
  {
    namespace: "traefik",
    host: undefined,
    environments: ["prod"],
    port: "none",
    network: [exposedBy(loadBalancer({ prod: "192.0.2.70" }), Port.tcp(443))],
  },
  "traefik",
);
const GIT = "git.example.org";
const gitops = { ...prod.gitops, repository: HttpUrl.parse(`https://${GIT}/vixens.git`) };

/** Facts of a chart that has no more than these. */
const facts = (release: string, changes: Fields): ChartFacts =>
  ({
    ...{ known: true, release, objects: {}, workloads: [], webhooks: [], definitions: [], claims: [] },
    ...changes,
  }) as never;

test("nothing stands in the way of an environment without apps", () => {
  expect(problems()).toEqual([]);
});

test("Argo CD cannot sync from a Git server behind its own gateway", () => {
  const git = imageApp({ host: { prod: GIT } }, "git");
  expect(problems([gateway, imageApp()], { gitops })).toEqual([]);
  expect(problems([git, gateway], { gitops })).toEqual([
    "start order: prod must start from nothing: Argo CD needs the app traefik, which has what it syncs; that needs Argo CD, which deploys it: a circle",
  ]);
});

test("nor from a Service of an app, or an address of the load balancer that an app has", () => {
  const git = imageApp({ network: [exposedBy(loadBalancer({ prod: "192.0.2.71" }), Port.tcp(3000))] }, "git");
  for (const host of ["git.git.svc.cluster.local", "192.0.2.71:3000"]) {
    const repository = HttpUrl.parse(`http://${host}/vixens.git`);
    expect(problems([git], { gitops: { ...prod.gitops, repository } })[0]).toContain(
      "Argo CD needs the app git, which has what it syncs",
    );
  }
});

test.each(["oci://HOST/x", "HOST/x", "HOST:5000/x", "ssh://git@HOST/x.git", "git@HOST:me/x.git"])(
  "an app cannot be made of %s where that is the app's own host",
  (form) => {
    const chart = { repository: form.replace("HOST", "oci.example.net"), name: "x", version: "1.0.0" };
    const made = (...hosts: string[]) =>
      problems(hosts.map((prod) => chartApp({ host: { prod }, chart }, prod.replaceAll(".", "-"))));
    expect(made("web.example.org")).toEqual([]);
    expect(made("oci.example.net")[0]).toContain("which has what it is made of: a circle");
  },
);

describe("images from a registry of the cluster", () => {
  const registry = (image: string) => imageApp({ host: { prod: "registry.example.org" }, image }, "registry");
  const other = imageApp({ image: "registry.example.org/web:v1.0.0" });

  test("come once it runs, but not its own", () => {
    expect(problems([registry("ghcr.io/zot:v2.0.0"), other])).toEqual([]);
    expect(problems([registry("registry.example.org/zot:v2.0.0")])).toEqual([
      "start order: prod must start from nothing: the app registry needs the app registry, which has images of it: a circle",
    ]);
  });

  test("cannot be those of Cilium, without which the registry has no network", () => {
    const containers = [{ name: "agent", image: "registry.example.org/cilium:v1.18.3" }];
    const template = { metadata: {}, spec: { containers } };
    const cilium = facts("cilium", { workloads: [{ kind: "DaemonSet", metadata: {}, spec: { template } }] });
    expect(problems([registry("ghcr.io/zot:v2.0.0")], {}, [cilium])[0]).toMatch(
      /Cilium needs the app registry, which has images of it.*: a circle$/,
    );
  });
});

test("a store of secrets behind a gateway that needs its secrets", () => {
  const store = imageApp({ host: { prod: "secrets.example.org" } }, "store");
  const gate = chartApp(
    { namespace: "traefik", host: undefined, port: "none", secrets: ["/apps/gate"], environments: ["prod"] },
    "traefik",
  );
  const secretStore = { ...prod.secretStore, server: HttpUrl.parse("https://secrets.example.org") } as never;
  expect(problems([store, gate], { secretStore })[0]).toMatch(
    /the app traefik, which has its secrets.*: a circle$/,
  );
});

test("a store of secrets that needs its own secrets", () => {
  const store = imageApp({ host: { prod: "secrets.example.org" }, secrets: ["/apps/store"] }, "store");
  const secretStore = { ...prod.secretStore, server: HttpUrl.parse("https://secrets.example.org") } as never;
  expect(problems([store], { secretStore })).toEqual([
    "start order: prod must start from nothing: the app store needs the app store, which has its secrets: a circle",
  ]);
});

test("the operator of secrets that depends on an app which needs it is a circle of apps", () => {
  const dependsOn: AppDeclaration[] = [];
  const operator = chartApp({ defines: ["secrets.infisical.com/InfisicalSecret"], dependsOn }, "operator");
  dependsOn.push(imageApp({ secrets: ["/apps/web"] }));
  expect(catalogueOf([operator, ...dependsOn], home()).problems).toContain(
    "apps: must not depend on each other in a circle: got operator → web → operator",
  );
});

describe("a webhook that fails closed", () => {
  const webhook = (changes: Fields = {}) =>
    facts("guard", {
      webhooks: [
        {
          webhooks: [
            {
              name: "guard.example.org",
              rules: [{ apiGroups: [""], operations: ["CREATE"], resources: ["pods"] }],
              ...changes,
            },
          ],
        },
      ],
    });
  const guard = chartApp({}, "guard");

  test("must not match its own pods: they never come back", () => {
    const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": "guard" } };
    expect(problems([guard], {}, [webhook({ namespaceSelector })])).toEqual([
      "start order: prod must start from nothing: the app guard needs the app guard, whose webhook must answer before a pod of it is made: a circle",
    ]);
  });

  test("nor each other's", () => {
    const only = (namespace: string) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    });
    const other = { ...webhook(only("guard")), release: "watch" };
    const [first] = problems([guard, chartApp({}, "watch")], {}, [webhook(only("watch")), other]);
    expect(first).toMatch(
      /the app guard needs the app watch, whose webhook .* that needs the app guard.*: a circle$/,
    );
  });

  test.each([
    [
      "CoreDNS's",
      { objectSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
      "CoreDNS needs the app guard",
    ],
    [
      "machines, which could not register",
      { rules: [{ apiGroups: [""], operations: ["CREATE"], resources: ["nodes"] }] },
      "whose webhook must answer before a machine can report",
    ],
    [
      "the leases by which machines live",
      { rules: [{ apiGroups: ["*"], operations: ["UPDATE"], resources: ["*"] }] },
      "whose webhook must answer before a machine can report",
    ],
  ])("nor %s", (_, changes, said) => {
    const [first] = problems([guard], {}, [webhook(changes)]);
    expect(first).toContain(said);
    expect(problems([guard], {}, [webhook({ ...changes, failurePolicy: "Ignore" })])).toEqual([]);
  });

  test.each([
    ["ignores failures", { failurePolicy: "Ignore" }],
    [
      "leaves its namespace out",
      {
        namespaceSelector: {
          matchExpressions: [
            { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["guard", "kube-system"] },
          ],
        },
      },
    ],
    [
      "is about other kinds",
      { rules: [{ apiGroups: ["example.org"], operations: ["*"], resources: ["*"] }] },
    ],
  ])("%s: passes", (_, changes) => {
    expect(problems([guard, imageApp()], {}, [webhook(changes)])).toEqual([]);
  });
});

test("the only resolver of all machines behind the gateway", () => {
  const withResolvers = (...nameservers: string[]) =>
    ({ nodes: prod.nodes.map((node) => ({ ...node, nameservers })) }) as never;
  expect(problems([gateway], withResolvers("192.0.2.70", "192.0.2.1"))).toEqual([]);
  const [first] = problems([gateway], withResolvers("192.0.2.70"));
  expect(first).toMatch(
    /^start order: prod must start from nothing: .*the app traefik, by which it finds the images that it starts with.*: a circle$/,
  );
});

test("a storage class whose driver comes from an app that needs a claim of it", () => {
  const storage = { data: { class: "synelia-iscsi-retain", size: "1Gi", mount: "/data" } };
  const driver = (changes: Fields) => chartApp(changes, "csi");
  const charts = [facts("csi", { objects: { "storage.k8s.io/v1/StorageClass": ["synelia-iscsi-retain"] } })];
  expect(problems([driver({}), imageApp({ storage })], {}, charts)).toEqual([]);
  expect(
    problems([driver({ storage: { data: { ...storage.data, madeByChart: true } } })], {}, charts),
  ).toEqual([
    "start order: prod must start from nothing: the app csi needs the app csi, which has the driver of its volumes of synelia-iscsi-retain: a circle",
  ]);
});

test("nor one that needs the driver by a claim of its chart, or whose class an environment says comes from it", () => {
  const claims = [{ metadata: { name: "data" }, spec: { storageClassName: "fast" } }];
  const spec = { template: { metadata: {}, spec: { containers: [] } }, volumeClaimTemplates: claims };
  const workloads = [{ kind: "StatefulSet", metadata: { name: "csi" }, spec }];
  const storageClasses = [{ name: "fast", driver: { side: "apps" as const, name: "csi" } }];
  for (const changes of [{ claims }, { workloads }])
    expect(problems([chartApp({}, "csi")], { storageClasses }, [facts("csi", changes)])).toEqual([
      "start order: prod must start from nothing: the app csi needs the app csi, which has the driver of its volumes of fast: a circle",
    ]);
});

test("with two control planes lost, the backup must lie outside of the cluster", () => {
  const inside = imageApp({ host: { prod: "s3.example.org" } }, "s3");
  const backup = { ...backupOf(prod), endpoint: HttpUrl.parse("https://s3.example.org") };
  const found = problems([inside], { backup });
  expect(found).toHaveLength(3);
  expect(found[0]).toMatch(
    /prod must start without the machine powder and the machine poison: .*etcd from its backup.*the app s3, which has the backup.*: a circle$/,
  );
});

test("what Terraform keeps its states in must not be what it deploys", () => {
  const inside = imageApp({ host: { prod: "s3.example.org" } }, "s3");
  const state = stateBucketOf(prod);
  if (!state) throw new Error("prod has a bucket of states");
  const [first] = problems([inside], {
    state: { ...state, endpoint: HttpUrl.parse("https://s3.example.org") },
  });
  expect(first).toContain("Terraform, which installs it; that needs the app s3, which has its states");
});

test("secrets without an app that brings their definition are refused, and other kinds too", () => {
  const apps = [imageApp({ secrets: ["/apps/web"] }), chartApp({ kinds: ["example.org/Thing"] })];
  const of = (declarations: readonly AppDeclaration[]) =>
    undefinedKinds("prod", [...catalogueOf(declarations, home()).apps.values()], [], { kind: "infisical" });
  expect(of(apps)).toEqual([
    'apps.web.secrets: must have an app in prod that brings secrets.infisical.com/InfisicalSecret, which fetches them: got ["/apps/web"]',
    'apps.charted.kinds: must be defined by an app in prod; a chart without recorded facts says so in defines: got "example.org/Thing"',
  ]);
  const operator = chartApp(
    { defines: ["example.org/Thing", "secrets.infisical.com/InfisicalSecret"] },
    "operator",
  );
  expect(of([...apps, operator])).toEqual([]);
});
