/** Homelabs of other shapes: each is a whole environment that synthesizes and is proved, or is refused in so many words. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type EnvironmentInput, parseEnvironment } from "../../environments/schema.ts";
import { apps as rackApps } from "../../examples/three-nodes/apps.ts";
import { rack } from "../../examples/three-nodes/environment.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import {
  app,
  calledByApiServer,
  egressTo,
  exposedBy,
  loadBalancer,
  Port,
  talksToItself,
  usesKubernetesApi,
} from "../../lib/app/index.ts";
import { type Fields, fieldsOf, listOf } from "../../lib/core/fields.ts";
import { synthesizeHomelab } from "../../stacks/homelab.ts";
import { type Changes, changed, linesOf } from "../environments/lab.ts";

interface Shape {
  readonly report: string;
  /** Objects that Terraform applies, and the file of a layer as text. */
  readonly objects: readonly Fields[];
  readonly text: (layer: string) => string;
}

/** The rack with changes, synthesized whole; throws when it is refused. */
const shape = (changes: Changes, apps: readonly AppDeclaration[] = rackApps): Shape => {
  const directory = mkdtempSync(join(tmpdir(), "shape-"));
  const report = synthesizeHomelab([changed(rack, changes)], apps, directory);
  const text = (layer: string) => readFileSync(join(directory, `stacks/rack-${layer}/cdk.tf.json`), "utf8");
  const manifests = ["platform", "apps"].flatMap((layer) =>
    Object.values(fieldsOf(fieldsOf(JSON.parse(text(layer)).resource).kubectl_manifest)),
  );
  return { report, text, objects: manifests.map((each) => JSON.parse(String(fieldsOf(each).yaml_body))) };
};
const ofKind = ({ objects }: Shape, kind: string): Fields[] => objects.filter((each) => each.kind === kind);
const specOf = (made: Shape, kind: string): Fields => fieldsOf(ofKind(made, kind)[0]?.spec);
const refused = (changes: Changes): string[] => linesOf(() => parseEnvironment(changed(rack, changes)));
const withRisk = (...ids: string[]): EnvironmentInput["acceptedRisks"] => [
  ...rack.acceptedRisks,
  ...ids.map((id) => ({ ...rack.acceptedRisks[0], id, reason: "A test says so." }) as never),
];
const without = (...names: string[]) => rackApps.filter(({ name }) => !names.includes(name));

const flux = (network = [egressTo("github.com")]) =>
  app("flux", {
    chart: {
      repository: "https://fluxcd-community.github.io/helm-charts",
      name: "flux2",
      version: "2.17.1",
    },
    port: "none",
    environments: ["rack"],
    podSecurity: "restricted",
    size: "xs",
    network: [usesKubernetesApi(), talksToItself(Port.tcp(9090)), ...network],
    places: {
      priorityClassName: [],
      resources: ["kustomizeController.resources", "sourceController.resources"],
      replicas: [],
    },
  });

describe("who syncs the GitOps repository", () => {
  const branch = { "gitops.revision": "main" };

  test("ArgoCD, by one root application", () => {
    const made = shape(branch);
    const root = made.objects.find(({ metadata }) => fieldsOf(metadata).name === "rack-app-of-apps");
    expect(fieldsOf(root?.spec).source).toMatchObject({ path: "argocd/overlays/rack" });
    expect(made.report).toMatch(/rack: what argocd runs of .*rack\.git is unknown.*homelab coexist rack/);
  });

  test("Flux, which an app brings: its objects come after it, and what they deployed outlives them", () => {
    const made = shape({ ...branch, "gitops.engine": "flux" }, [...rackApps, flux()]);
    expect(ofKind(made, "GitRepository")).toMatchObject([
      {
        metadata: { name: "rack", namespace: "flux" },
        spec: { url: "https://github.com/example/rack.git", ref: { branch: "main" } },
      },
    ]);
    expect(specOf(made, "Kustomization")).toMatchObject({
      path: "./clusters/rack",
      deletionPolicy: "Orphan",
    });
    expect(made.text("apps")).not.toContain("app-of-apps");
    const manifests = Object.entries(fieldsOf(JSON.parse(made.text("apps")).resource.kubectl_manifest));
    const [, repository] = manifests.find(([id]) => id.startsWith("flux_repository_")) ?? [];
    expect(fieldsOf(repository).depends_on).toEqual([expect.stringContaining("flux_application")]);
    expect(made.report).toMatch(/rack: what flux runs of .* is unknown/);
  });

  test("Flux at a commit, and of another directory", () => {
    const commit = "0123456789abcdef0123456789abcdef01234567";
    const made = shape({ "gitops.revision": commit, "gitops.engine": "flux", "gitops.path": "lab/home" }, [
      ...rackApps,
      flux(),
    ]);
    expect(specOf(made, "GitRepository").ref).toEqual({ commit });
    expect(specOf(made, "Kustomization").path).toBe("./lab/home");
  });

  test("nobody", () => {
    const made = shape({ ...branch, "gitops.engine": "none" });
    expect(made.text("apps")).not.toMatch(/app-of-apps|GitRepository/);
    expect(made.report).not.toContain("in no proof");
  });

  test("Flux without an app that brings it is refused, and so is one that cannot fetch the repository", () => {
    expect(() => shape({ ...branch, "gitops.engine": "flux" })).toThrow(
      /gitops\.engine: must have an app in rack that brings kustomize\.toolkit\.fluxcd\.io\/Kustomization, e\.g\. of the chart flux2: got "flux"/,
    );
    expect(() => shape({ ...branch, "gitops.engine": "flux" }, [...rackApps, flux([])])).toThrow(
      /apps\.flux\.network: must hold egressTo\("github\.com"\): Flux fetches it/,
    );
  });

  test("Flux has no switch for selfHeal, and other engines are not known", () => {
    expect(refused({ "gitops.engine": "flux", "gitops.selfHeal": false })).toEqual([
      "gitops.selfHeal: must be true with Flux, which always undoes changes: got false",
    ]);
    expect(refused({ "gitops.engine": "fleet" })).toEqual([expect.stringMatching(/^gitops\.engine: .*flux/)]);
  });
});

describe("where the secrets of apps are", () => {
  const secrets = (made: Shape) => ofKind(made, "ExternalSecret").map(({ spec }) => fieldsOf(spec).dataFrom);

  test("a store that somebody else makes, by folder or by fields", () => {
    const made = shape({});
    expect(ofKind(made, "ClusterSecretStore")).toEqual([]);
    expect(secrets(made)).toMatchObject([[{ find: { path: "/apps/tools/wiki" } }]]);
    const fields = shape({ "secretStore.provider": { kind: "existing", reads: "fields" } });
    expect(secrets(fields)).toEqual([[{ extract: { key: "apps/tools/wiki" } }]]);
  });

  test("Vault: the store is made, and the operator must be let out to it", () => {
    const provider = { kind: "vault", server: "https://10.20.10.5:8200", mount: "secret", role: "rack" };
    const made = shape({ "secretStore.provider": provider });
    expect(specOf(made, "ClusterSecretStore").provider).toEqual({
      vault: {
        server: "https://10.20.10.5:8200",
        path: "secret",
        version: "v2",
        auth: { kubernetes: { mountPath: "kubernetes", role: "rack" } },
      },
    });
    expect(secrets(made)).toEqual([[{ extract: { key: "apps/tools/wiki" } }]]);
    const elsewhere = { ...provider, server: "https://10.20.10.6:8200" };
    expect(() => shape({ "secretStore.provider": elsewhere })).toThrow(
      /must hold egressTo\("10\.20\.10\.6", Port\.tcp\(8200\)\): .*\(secretStore\.provider\.server\)/,
    );
  });

  test("the provider fake of external-secrets, which production refuses", () => {
    const provider = { kind: "fake", secrets: { "/apps/tools/wiki": { password: "example" } } };
    const made = shape({ production: false, "secretStore.provider": provider });
    expect(specOf(made, "ClusterSecretStore").provider).toEqual({
      fake: { data: [{ key: "apps/tools/wiki", value: '{"password":"example"}' }] },
    });
    expect(refused({ "secretStore.provider": provider })).toEqual([
      'secretStore.provider.kind: must keep secrets in production: the values of fake stand in the repository: got "fake"',
    ]);
  });

  test("Infisical's own operator: the apps are the same, and its chart takes the place of the other", () => {
    const infisical = app("infisical-operator", {
      chart: { repository: "https://charts.example.org", name: "secrets-operator", version: "0.10.26" },
      port: "none",
      environments: ["rack"],
      size: "xs",
      network: [usesKubernetesApi(), egressTo("10.20.10.5", Port.tcp(8080))],
      places: { priorityClassName: [], resources: ["resources"], replicas: [] },
    });
    const secretStore = {
      ...{ kind: "infisical", server: "http://10.20.10.5:8080", project: "rack", environment: "rack" },
      resyncSeconds: 60,
    };
    const made = shape({ secretStore }, [...without("external-secrets"), infisical]);
    expect(ofKind(made, "InfisicalSecret")).toHaveLength(1);
    expect(ofKind(made, "ExternalSecret")).toEqual([]);
    expect(() => shape({ secretStore })).toThrow(
      /must have an app in rack that brings secrets\.infisical\.com/,
    );
  });
});

describe("states and backups", () => {
  const noBackup = { backup: null, assumptions: [] };

  test.each<[string, Changes, string]>([
    ["local", { state: { kind: "local", directory: "state" } }, "state-local"],
    ["in Secrets", { state: { kind: "kubernetes", namespace: "terraform" } }, "state-kubernetes"],
    ["without a backup", noBackup, "backup-none"],
  ])("%s: with its risk, and refused without", (_, changes, risk) => {
    expect(shape({ ...changes, acceptedRisks: withRisk(risk) }).report).toContain("rack-apps");
    expect(refused(changes)).toEqual([expect.stringContaining(`the accepted risk ${risk} would silence`)]);
  });
});

test("another range of load balancers, in the network of the nodes itself", () => {
  const made = shape(
    {
      loadBalancer: {
        vlan: 10,
        static: { start: "10.20.10.200", stop: "10.20.10.209" },
        automatic: { start: "10.20.10.210", stop: "10.20.10.219" },
        interfaces: ["^enx.*\\.10$"],
      },
      "argocd.address": "10.20.10.201",
    },
    without("traefik"),
  );
  expect(listOf(specOf(made, "CiliumLoadBalancerIPPool").blocks)).toEqual([
    { start: "10.20.10.210", stop: "10.20.10.219" },
    { start: "10.20.10.200", stop: "10.20.10.209" },
  ]);
  expect(() => shape({ "loadBalancer.static": { start: "10.20.20.170", stop: "10.20.20.179" } })).toThrow(
    /argocd\.address/,
  );
});

test("a machine may keep the address that its router reserves for it", () => {
  const flat = (host: number) => [{ id: null, address: `10.20.10.${host}/24`, gateway: "10.20.10.1" }];
  const nodes = rack.nodes.map((node, at) => ({
    ...node,
    maintenanceAddress: `10.20.10.${11 + at}`,
    vlans: flat(11 + at),
    nameservers: ["10.20.10.1"],
  }));
  const loadBalancer = {
    vlan: null,
    static: { start: "10.20.10.70", stop: "10.20.10.79" },
    automatic: { start: "10.20.10.80", stop: "10.20.10.99" },
    interfaces: ["^enx"],
  };
  const changes = { nodes, loadBalancer, "argocd.address": "10.20.10.71" };
  expect(shape(changes, without("traefik")).report).toContain("rack-apps");
  const taken = changed({ nodes }, { "nodes.1.maintenanceAddress": "10.20.10.11" });
  expect(refused({ ...changes, ...taken })).toEqual([expect.stringContaining("10.20.10.11")]);
});

describe("IPv6 and dual stack are refused in the same words wherever an address stands", () => {
  const exception = {
    ...{ name: "printer", reason: "It prints what the wiki says.", reviewBy: "2099-12-31" },
    ...{ from: { namespace: "tools" }, ports: [{ protocol: "TCP", port: 631 }] },
  };
  const WORDS = /must be IPv4: IPv6 and dual stack are not supported/;

  test.each<[path: string, value: unknown]>([
    ["cluster.vip", "fd00::10"],
    ["cluster.subnet", "fd00::/64"],
    ["cluster.podSubnet", "10.244.0.0/16,fd00:10::/56"],
    ["cluster.serviceSubnet", "fd00:96::/112"],
    ["nodes.0.maintenanceAddress", "fe80::1"],
    ["nodes.0.vlans.0.address", "fd00::11/64"],
    ["nodes.0.vlans.1.gateway", "fe80::1"],
    ["nodes.0.nameservers", ["2606:4700:4700::1111"]],
    ["loadBalancer.static.start", "fd00::70"],
    ["loadBalancer.automatic.stop", "fd00::99"],
    ["argocd.address", "fd00::71"],
    ["gitops.repository", "https://[fd00::5]/home.git"],
    ["backup.endpoint", "http://[fd00::5]:9000"],
    ["networkPolicy.exceptions", [{ ...exception, to: { cidr: "fd00::/8" } }]],
    ["timeServers", ["2606:4700:f1::1"]],
    ["nas", { host: "nas.example.org", address: "fd00::5" }],
    ["networkPolicy.nodes", { mode: "audit", managementCidrs: ["fd00::/64"] }],
  ])("%s", (path, value) => {
    expect(refused({ [path]: value }).join("\n")).toMatch(WORDS);
  });

  test("in the flows of an app, too", () => {
    const web = (link: ReturnType<typeof egressTo>) =>
      app("web", { image: "example/web:v1.0.0", port: 80, host: "web", size: "xs", network: [link] });
    expect(() => shape({}, [...rackApps, web(egressTo("fd00::5"))])).toThrow(WORDS);
    const balanced = exposedBy(loadBalancer({ rack: "fd00::72" }), Port.tcp(80));
    expect(() => shape({}, [...rackApps, web(balanced)])).toThrow(WORDS);
    expect(() => shape({}, [...rackApps, web(calledByApiServer(Port.tcp(8443)))])).not.toThrow();
  });
});
