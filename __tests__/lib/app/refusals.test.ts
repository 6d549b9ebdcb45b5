import { describe, expect, test } from "vitest";
import { gateway } from "../../../lib/app/link-ends.ts";
import { egressTo, exposedBy, loadBalancer, uses } from "../../../lib/app/links.ts";
import { Port } from "../../../lib/network/port.ts";
import { chartApp, type Fields, imageApp, problems } from "./lab.ts";

const chart = { repository: "https://charts.example.org", name: "charted", version: "1.2.3" };
const volume = { class: "synelia-iscsi-retain", size: "1Gi" };
const git = { repository: "https://git.example.org/x.git", path: "app", revision: "v1", workloads: [] };
const fromGit: Fields = { image: undefined, git, pods: { app: "web" } };

test("plain apps are accepted", () => {
  expect(problems([imageApp(), chartApp(), imageApp(fromGit, "fromgit")])).toEqual([]);
});

test.each([
  `example/web@sha256:${"a".repeat(64)}`,
  `example/web:latest@sha256:${"a".repeat(64)}`,
  `example/web:1@sha256:${"a".repeat(64)}`,
  "example/web:1.2.3",
  "example/web:2024.10.22-7ca5933",
  "example/web:version-6.4.16",
])("the image %s stays what it is", (image) => {
  expect(problems([imageApp({ image })])).toEqual([]);
});

test("an image that moves is taken where the risk is accepted, and the risk only with it", () => {
  const acceptedRisks = ["floating-image-web"];
  expect(problems([imageApp({ image: "example/web:1" })], { acceptedRisks })).toEqual([]);
  expect(problems([imageApp()], { acceptedRisks })).toEqual([
    'acceptedRisks.floating-image-web: must silence something; no app whose image moves lives here by that name: got "floating-image-web"',
  ]);
});

test("objects put into a namespace of the platform are refused, kube-system's apart", () => {
  const owned = {
    names: new Map(),
    namespaces: new Map([
      ["argocd", "the platform's"],
      ["kube-system", "Kubernetes'"],
    ]),
  };
  const into = (...alsoInto: string[]) => problems([chartApp({ alsoInto })], { owned });
  expect(into("argocd", "*")).toEqual([
    'apps.charted.alsoInto: must not be the platform\'s namespace: got "argocd"',
    'apps.charted.alsoInto: must be the name of one namespace: got "*"',
  ]);
  expect(into("kube-system", "web")).toEqual([]);
});

describe("an image", () => {
  test.each<[string, Fields, string]>([
    [
      "without a tag",
      { image: "example/web" },
      'image: must be repository:tag with an exact tag, not latest: got "example/web"',
    ],
    [
      "with latest",
      { image: "example/web:latest" },
      'image: must be repository:tag with an exact tag, not latest: got "example/web:latest"',
    ],
    ...["stable", "1", "v1", "1.2", "8-alpine", "main-3f2a"].map((tag): [string, Fields, string] => [
      `with a tag that moves, ${tag}`,
      { image: `example/web:${tag}` },
      "image: must have a digest or a tag of one exact version, or the accepted risk floating-image-web",
    ]),
    [
      "with a registry's port and no tag",
      { image: "registry.example.org:5000/web" },
      "image: must be repository:tag with an exact tag",
    ],
    ["with a port out of range", { port: 70000 }, "port: must be 1–65535, or none: got 70000"],
    ["with a host and no port", { port: "none" }, 'port: must be a port: the app has a host: got "none"'],
    ["as root", { runAs: 0 }, "runAs: must not be 0 without the privilege root: got 0"],
    [
      "with no pods",
      { replicas: 0 },
      "replicas: must be a whole number of at least 1; hibernate is for 0: got 0",
    ],
    [
      "with a claim and two pods",
      { replicas: 2, storage: { data: volume } },
      "replicas: must be 1: its claims can be mounted on one node only: got 2",
    ],
    [
      "with a variable that is none",
      { env: { "1A": "x" } },
      'env: must be the name of an environment variable: got "1A"',
    ],
    [
      "with a literal secret",
      { env: { DB_PASSWORD: "hunter2" } },
      'env.DB_PASSWORD: must not be a literal: give a path in secrets, and name the Secret; what is none says notSecret(text, why): got "(not shown)"',
    ],
  ])("%s", (_, changes, line) => {
    expect(problems([imageApp(changes)])).toEqual([expect.stringContaining(`apps.web.${line}`)]);
  });

  test("a literal secret is not repeated", () => {
    expect(problems([imageApp({ env: { DB_PASSWORD: "hunter2" } })]).join()).not.toContain("hunter2");
  });
});

describe("a chart", () => {
  test.each<[string, Fields, string]>([
    [
      "with a range",
      { chart: { ...chart, version: "^1.2.3" } },
      'chart.version: must be one exact version, not a range: got "^1.2.3"',
    ],
    [
      "with a wildcard",
      { chart: { ...chart, version: "1.2.x" } },
      "chart.version: must be one exact version",
    ],
    [
      "with a minor only",
      { chart: { ...chart, version: "1.2" } },
      "chart.version: must be one exact version",
    ],
    [
      "over plain http",
      { chart: { ...chart, repository: "http://c.example.org" } },
      "chart.repository: must be an https:// or oci:// URL",
    ],
    [
      "that hides a privilege",
      { values: { pod: { privileged: true } } },
      "pod.privileged: must stand in privileges as privileged, where it can be seen: got true",
    ],
    [
      "that hides the node's network",
      { values: { hostNetwork: true } },
      "hostNetwork: must stand in privileges as hostNetwork",
    ],
    [
      "that hides a path of the node",
      { values: { volumes: [{ hostPath: { path: "/" } }] } },
      "volumes[0].hostPath: must stand in privileges as hostPaths",
    ],
    [
      "that hibernates nobody knows where",
      { hibernate: true, places: { priorityClassName: [], resources: [], replicas: [] } },
      "places.replicas: must say where the chart takes replicas",
    ],
    [
      "that is not told of its claim",
      { storage: { data: volume } },
      "values: must name the claim charted-data, or storage.data be madeByChart",
    ],
    [
      "with a mount",
      { storage: { data: { ...volume, madeByChart: true, backup: { by: "its operator" }, mount: "/x" } } },
      "storage.data.mount: must not stand on a chart",
    ],
    [
      "with a password",
      { values: { auth: { adminPassword: "x" } } },
      "auth.adminPassword: must not be a literal",
    ],
  ])("%s", (_, changes, line) => {
    expect(problems([chartApp(changes)])).toEqual([expect.stringContaining(`apps.charted.${line}`)]);
  });

  test.each(["v1.14.4", "1.2.3", "0.1.0-rc.1"])("version %s is exact", (version) => {
    expect(problems([chartApp({ chart: { ...chart, version } })])).toEqual([]);
  });
});

describe("a Git path", () => {
  test.each<[string, Fields, string]>([
    [
      "at HEAD",
      { git: { ...git, revision: "HEAD" } },
      'git.revision: must be a tag, branch or commit, not HEAD: got "HEAD"',
    ],
    [
      "from the root of a disk",
      { git: { ...git, path: "/app" } },
      "git.path: must be a path without a leading /",
    ],
    ["that hibernates nobody", { hibernate: true }, "git.workloads: must name what to scale to 0"],
    [
      "with flags",
      { flags: { dark: { parameter: "dark", prod: true } } },
      "flags.dark: must not stand on a Git path",
    ],
    ["that scales", { replicas: 2 }, "replicas: must stand in the manifests of a Git path"],
  ])("%s", (_, changes, line) => {
    expect(problems([imageApp({ ...fromGit, ...changes })])).toEqual([
      expect.stringContaining(`apps.web.${line}`),
    ]);
  });
});

describe("any app", () => {
  test.each<[string, Fields, string]>([
    [
      "with a host in another domain",
      { host: { prod: "web.example.com" } },
      'host.prod: must lie in example.org: got "web.example.com"',
    ],
    [
      "with a malformed host",
      { host: { prod: "Web.example.org" } },
      'host.prod: must be a lower-case host name: got "Web.example.org"',
    ],
    [
      "with a host that is taken",
      { host: { prod: "argocd.example.org" } },
      "host.prod: must be free; it is ArgoCD's",
    ],
    ["that lives nowhere", { host: {} }, "host: must name an environment: got {}"],
    [
      "with an override where it does not live",
      { override: { dev: { size: "s" } } },
      'override.dev: must be of an environment where the app lives: got ["prod"]',
    ],
    [
      "with a chart's override on an image",
      { override: { prod: { version: "1.0.0" } } },
      "override.prod.version: must not stand on a image",
    ],
    [
      "with a relative secret",
      { secrets: ["apps/web"] },
      'secrets: must be an absolute path of the secret store, e.g. /apps/tools/x: got "apps/web"',
    ],
    [
      "with secrets called alike",
      { secrets: ["/a/x", "/b/x"] },
      'secrets: must not end like another path: their Secrets are called alike: got "/b/x"',
    ],
    [
      "with an unknown class",
      { storage: { data: { ...volume, class: "nfs" } } },
      "storage.data.class: must be a storage class of prod, which has synelia-iscsi-retain",
    ],
    [
      "with a size that is none",
      { storage: { data: { ...volume, size: "big" } } },
      'storage.data.size: must be a quantity above 0, e.g. 10Gi: got "big"',
    ],
    [
      "without a backup and a reason",
      { storage: { data: { ...volume, backup: { off: "no" } } } },
      'storage.data.backup: must say why nobody would miss it, or what saves it: got {"off":"no"}',
    ],
    [
      "with a flag without a value",
      { flags: { dark: { parameter: "env.DARK", dev: true } } },
      "flags.dark.prod: must have a value where the app lives: got nothing",
    ],
    [
      "with a flag that names no value",
      { flags: { dark: { parameter: "a b", prod: true } } },
      'flags.dark.parameter: must be a path of Helm values with dots: got "a b"',
    ],
    [
      "that talks to a pattern",
      { network: [egressTo("*.example.com")] },
      "network.egressTo: must be an exact lower-case name, an IPv4 address or a subnet",
    ],
    [
      "at an address that is not static",
      { network: [exposedBy(loadBalancer({ prod: "192.0.2.90" }), Port.tcp(80))] },
      "network.exposedBy(loadBalancer).prod: must lie in the static range",
    ],
    [
      "at an address that is taken",
      { network: [exposedBy(loadBalancer({ prod: "192.0.2.71" }), Port.tcp(80))] },
      "network.exposedBy(loadBalancer).prod: must be free; it is ArgoCD's",
    ],
    [
      "at an address of another environment",
      { network: [exposedBy(loadBalancer({ dev: "192.0.2.72" }), Port.tcp(80))] },
      "network.exposedBy(loadBalancer).prod: must have an address in this environment",
    ],
    [
      "behind an address without ports",
      { network: [exposedBy(loadBalancer({ prod: "192.0.2.72" }))] },
      "network.exposedBy(loadBalancer): must name ports",
    ],
    [
      "that brings a kind nobody can read",
      { kinds: ["Deployment"] },
      'kinds: must be group/Kind, e.g. apps/Deployment or /ConfigMap: got "Deployment"',
    ],
    [
      "isolated, with flows",
      { isolated: "just a batch job" },
      "isolated: must not stand on an app with flows",
    ],
    [
      "too large for any namespace",
      { size: "xl", replicas: 40 },
      "size: must fit a namespace: requests.cpu: needs 8200m, and a namespace of size xl has 3",
    ],
  ])("%s", (_, changes, line) => {
    expect(problems([imageApp(changes)])).toEqual([expect.stringContaining(`apps.web.${line}`)]);
  });

  test("with a name that is no label", () => {
    expect(problems([imageApp({ host: { prod: "web.example.org" } }, "Web_1")])).toEqual([
      'apps.Web_1.name: must be a DNS label of at most 40 characters that begins with a letter: got "Web_1"',
    ]);
  });

  test("every problem is reported at once", () => {
    const lines = problems([imageApp({ image: "web", secrets: ["x"], host: { prod: "Web.Example" } })]);
    expect(lines.map((line) => line.split(":")[0])).toEqual([
      "apps.web.image",
      "apps.web.host.prod",
      "apps.web.host.prod",
      "apps.web.secrets",
    ]);
  });

  test("that uses one without a port", () => {
    const worker = imageApp({ port: "none", host: undefined, environments: ["prod"] }, "worker");
    expect(problems([worker, imageApp({ network: [uses(worker)] })])).toEqual([
      'apps.web.network.uses(worker): must name ports: worker has no port: got "none"',
    ]);
  });

  test("whose gateway has no port to call", () => {
    const worker = { port: "none", host: undefined, environments: ["prod"], network: [exposedBy(gateway)] };
    expect(problems([imageApp(worker)])).toEqual([
      'apps.web.network.exposedBy(gateway): must name ports: the app has no port: got "none"',
    ]);
  });
});

describe("what a node must have for an app", () => {
  const iscsi = imageApp({ storage: { data: { ...volume, mount: "/data" } } });
  const graphics = { why: "decodes video on the card", hostPaths: ["/dev/dri"] };
  const camera = imageApp({ privileges: graphics, podSecurity: "privileged" });
  const acceptedRisks = ["privileged-web"];

  test("a claim by iSCSI needs iscsi-tools", () => {
    expect(problems([iscsi], { extensions: [] })).toEqual([
      'apps.web.storage.data.class: needs the extension siderolabs/iscsi-tools of its driver synology-csi in the schematic of every node that takes workloads: got "synelia-iscsi-retain"',
    ]);
    expect(problems([iscsi], { extensions: ["siderolabs/iscsi-tools"] })).toEqual([]);
  });

  test("a claim on the node itself says why nobody would miss it: Velero skips it", () => {
    const onNode = (backup?: unknown) =>
      problems([
        imageApp({ storage: { data: { ...volume, class: "local-path-retain", mount: "/data", backup } } }),
      ]);
    const line = (got: string) =>
      `apps.web.storage.data.backup: must be off, with a reason: volumes of local-path-retain are directories of a node, which Velero skips: got "${got}"`;
    expect(onNode()).toEqual([line("daily")]);
    expect(onNode("weekly")).toEqual([line("weekly")]);
    expect(onNode({ off: "a cache that fills itself again" })).toEqual([]);
  });

  test("a graphics card needs its driver, unless the app hibernates", () => {
    expect(problems([camera], { acceptedRisks, extensions: [] })).toEqual([
      'apps.web.privileges.hostPaths: needs a driver in the schematic of every node that takes workloads: siderolabs/i915, siderolabs/amdgpu, siderolabs/xe: got "/dev/dri"',
    ]);
    expect(problems([camera], { acceptedRisks, extensions: ["siderolabs/amdgpu"] })).toEqual([]);
    const asleep = imageApp({ privileges: graphics, podSecurity: "privileged", hibernate: true });
    expect(problems([asleep], { acceptedRisks, extensions: [] })).toEqual([]);
  });
});
