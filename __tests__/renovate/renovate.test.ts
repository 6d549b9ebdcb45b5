import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { satisfies } from "semver";
import { describe, expect, test } from "vitest";
import { backupOf } from "../../environments/absent.ts";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import {
  includesMinor,
  KUBERNETES_BY_CILIUM,
  KUBERNETES_BY_TALOS,
  minorOf,
} from "../../environments/versions.ts";
import { machineryVersion } from "../../labs/contract/machinery.ts";
import {
  age,
  etcd,
  helm,
  kwok,
  kyverno,
  openTofu,
  talosctl,
  veleroPluginForAws,
  veleroProgram,
  versitygw,
} from "../../labs/programs/pinned-tools.ts";
import { TALOS_BACKUP_BUILDS } from "../../lib/backup/talos-backup-build.ts";
import { findIn, missedIn, type PackageRule, pinsIn, renovate } from "./managers.ts";

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(directory, file));

const files = ["environments/dev.ts", "environments/prod.ts", ...filesIn("apps")];
const read = (path: string): string => readFileSync(path, "utf8");

describe("every version and digest is found", () => {
  test.each(files)("%s", (path) => {
    expect(missedIn(path, read(path))).toEqual([]);
  });

  test.each([...filesIn("lib/core/providers"), "lib/app/app-template.ts"])("%s", (path) => {
    const pinned = pinsIn(read(path)).filter((literal) => /^\d+\.\d+\.\d+$/.test(literal));
    expect(pinned.filter((literal) => missedIn(path, read(path)).includes(literal))).toEqual([]);
  });

  test("what .ci/run builds", () => {
    const built = [...read(".ci/run").matchAll(/go install \S+@(\S+)/g)].map(([, version]) => version);
    expect(built.length).toBeGreaterThan(0);
    expect(findIn(".ci/run", read(".ci/run")).map(({ currentValue }) => currentValue)).toEqual(built);
  });

  test("tools of the development container, of the minors that the environments run", () => {
    const path = ".devcontainer/Dockerfile";
    const found = findIn(path, read(path)).map(({ depName, currentValue }) => [
      depName,
      minorOf(currentValue),
    ]);
    const pinned = [...read(path).matchAll(/^ARG \w+=\S+/gm)];
    expect(found).toHaveLength(pinned.length);
    const workflow = /terraform_version: "(\S+)"/.exec(read(".github/workflows/checks.yml"))?.[1] ?? "";
    expect(Object.fromEntries(found)).toEqual({
      terraform: minorOf(`v${workflow}`),
      kubectl: minorOf(dev.versions.kubernetes),
      talosctl: minorOf(dev.versions.talos),
    });
  });

  test("Go tools that checks build", () => {
    const path = "labs/programs/pinned-tools.ts";
    // Modules in place of forks are as old as the talosctl that they go into: they come up with it, by hand.
    const withTalosctl = Object.values(talosctl.instead ?? {});
    expect(missedIn(path, read(path)).filter((version) => !withTalosctl.includes(version))).toEqual([]);
    expect(findIn(path, read(path)).map(({ depName, currentValue }) => [depName, currentValue])).toEqual([
      ["go.etcd.io/etcd/server/v3", etcd.version],
      ["filippo.io/age", age.version],
      ["github.com/versity/versitygw", versitygw.version],
      ["helm.sh/helm/v3", helm.version],
      ["github.com/kyverno/kyverno", kyverno.version],
      ["github.com/opentofu/opentofu", openTofu.version],
      ["sigs.k8s.io/kwok", kwok.version],
      ["github.com/siderolabs/talos", talosctl.version],
      ["github.com/vmware-tanzu/velero", veleroProgram.version],
      ["github.com/vmware-tanzu/velero-plugin-for-aws", veleroPluginForAws.version],
    ]);
  });

  test("what is found has a name and a source", () => {
    const found = files.flatMap((path) => findIn(path, read(path)));
    expect(found.length).toBeGreaterThanOrEqual(10);
    for (const { depName, datasource, currentValue } of found)
      expect([depName, datasource, currentValue]).not.toContain("");
  });

  test.each([
    ["environments/dev.ts", dev],
    ["environments/prod.ts", prod],
  ])("%s: each with where its releases are", (path, environment) => {
    const { versions } = environment;
    const [, tag = "", digest = ""] = /:(v[^@]+)@(.+)$/.exec(backupOf(environment).image) ?? [];
    expect(findIn(path, read(path))).toEqual([
      { depName: "siderolabs/talos", datasource: "github-releases", currentValue: versions.talos },
      { depName: "kubernetes/kubernetes", datasource: "github-releases", currentValue: versions.kubernetes },
      {
        depName: "cilium",
        datasource: "helm",
        currentValue: versions.cilium,
        registryUrl: "https://helm.cilium.io",
      },
      {
        depName: "argo-cd",
        datasource: "helm",
        currentValue: versions.argocdChart,
        registryUrl: "https://argoproj.github.io/argo-helm",
      },
      {
        depName: "ghcr.io/siderolabs/talos-backup",
        datasource: "docker",
        currentValue: tag,
        currentDigest: digest,
      },
    ]);
  });
});

const DIGEST = `sha256:${"0a".repeat(32)}`;

describe("apps of every form", () => {
  test.each([
    ['image: "whoami:1.0"', { depName: "whoami", datasource: "docker", currentValue: "1.0" }],
    [
      `image:\n    "host.lan:5000/team/a:RELEASE.2025-01@${DIGEST}"`,
      {
        depName: "host.lan:5000/team/a",
        datasource: "docker",
        currentValue: "RELEASE.2025-01",
        currentDigest: DIGEST,
      },
    ],
    [
      'chart: { repository: "https://charts.example.org/x", name: "a", version: "1.2.3" }',
      {
        depName: "a",
        datasource: "helm",
        currentValue: "1.2.3",
        registryUrl: "https://charts.example.org/x",
      },
    ],
    [
      'chart: {\n    repository: "oci://ghcr.io/team/charts",\n    name: "a",\n    version: "1.2.3",\n  }',
      { depName: "ghcr.io/team/charts/a", datasource: "docker", currentValue: "1.2.3" },
    ],
  ])("%s", (declaration, found) => {
    const text = `export const a = app("a", {\n  ${declaration},\n});\n`;
    expect(findIn("apps/a.ts", text)).toEqual([found]);
    expect(missedIn("apps/a.ts", text)).toEqual([]);
  });

  test.each([
    [
      "a chart in another order",
      'chart: { version: "1.2.3", name: "a", repository: "https://x" }',
      ["1.2.3"],
    ],
    ["an image in parts, the other way around", 'image: { tag: "v7", repository: "team/a" }', ["v7"]],
    ["an image in other quotes", "image: 'team/a:7'", ["team/a:7"]],
    ["an image by digest alone", `image: "team/a@${DIGEST}"`, [`team/a@${DIGEST}`]],
    ["a version under another key", 'values: { release: "v1.2.3" }', ["v1.2.3"]],
  ])("what no manager finds is told: %s", (_, declaration, missed) => {
    expect(missedIn("apps/a.ts", `export const a = app("a", {\n  ${declaration},\n});\n`)).toEqual(missed);
  });

  test("addresses, prose and what a state was adopted with are no versions", () => {
    const text =
      '  a: "192.168.1.10/24",\n  why: "since v1.2.3",\n  adoption: {\n    kubernetes: "v1.34.0",\n  },\n';
    expect(pinsIn(text)).toEqual([]);
    expect(findIn("environments/dev.ts", text)).toEqual([]);
  });
});

describe("what is held", () => {
  const { packageRules } = renovate;
  const isHold = ({ allowedVersions, enabled, dependencyDashboardApproval }: PackageRule) =>
    allowedVersions !== undefined || enabled === false || dependencyDashboardApproval === true;
  const allowed = (depName: string): string =>
    packageRules.find((rule) => rule.matchDepNames?.includes(depName) && rule.allowedVersions)
      ?.allowedVersions ?? "*";
  const allows = (depName: string, minor: string) => satisfies(`${minor}.0`, allowed(depName));
  const minors = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => `1.${from + at}`);

  test("each with its reason", () => {
    const holds = packageRules.filter(isHold);
    expect(holds.length).toBeGreaterThan(5);
    for (const { description = "" } of holds) expect(description).toMatch(/^Held.*: .{20}|^Held .{20}/);
  });

  test.each([dev, prod])("$name: nothing is offered that the environment would refuse", ({ versions }) => {
    const kubernetes = minorOf(versions.kubernetes);
    for (const minor of minors(10, 30).filter(
      (each) => allows("siderolabs/talos", each) && each >= minorOf(versions.talos),
    ))
      expect([
        minor,
        includesMinor(KUBERNETES_BY_TALOS[minor] ?? { from: "0.0", to: "0.0" }, kubernetes),
      ]).toEqual([minor, true]);
    for (const minor of minors(18, 40).filter((each) => allows("cilium", each)))
      expect(KUBERNETES_BY_CILIUM).toHaveProperty([minor]);
    const offered = minors(34, 60).filter((each) => allows("kubernetes/kubernetes", each));
    for (const minor of offered)
      expect(
        includesMinor(KUBERNETES_BY_TALOS[minorOf(versions.talos)] ?? { from: "0.0", to: "0.0" }, minor),
      ).toBe(true);
  });

  test("what runs is not held back below itself", () => {
    for (const { versions } of [dev, prod]) {
      expect(satisfies(versions.talos, allowed("siderolabs/talos"))).toBe(true);
      expect(satisfies(machineryVersion(), allowed("github.com/siderolabs/talos/pkg/machinery"))).toBe(true);
      expect(satisfies(versions.kubernetes, allowed("kubernetes/kubernetes"))).toBe(true);
      expect(satisfies(versions.cilium, allowed("cilium"))).toBe(true);
    }
  });

  test("Talos' library is held where Talos is", () => {
    expect(allowed("github.com/siderolabs/talos/pkg/machinery")).toBe(allowed("siderolabs/talos"));
    expect(satisfies(etcd.version, allowed("go.etcd.io/etcd/server/v3"))).toBe(true);
  });

  test("cdktf and its bindings are not updated, talos-backup by hand only", () => {
    const rule = (name: string) => packageRules.filter(({ matchDepNames }) => matchDepNames?.includes(name));
    expect(rule("@cdktf/**")).toMatchObject([{ enabled: false }]);
    expect(rule("ghcr.io/siderolabs/talos-backup")).toMatchObject([{ dependencyDashboardApproval: true }]);
    for (const each of [dev, prod])
      expect(Object.keys(TALOS_BACKUP_BUILDS)).toContain(/:(v[^@]+)@/.exec(backupOf(each).image)?.[1]);
  });
});

test("what must move together does, and dev before prod", () => {
  const groupOf = (depName: string, file?: string) =>
    renovate.packageRules.find(
      ({ matchDepNames, matchFileNames, groupName }) =>
        groupName &&
        matchDepNames?.includes(depName) &&
        (file === undefined || matchFileNames?.includes(file)),
    )?.groupName;
  for (const file of ["environments/dev.ts", "environments/prod.ts"])
    expect(groupOf("siderolabs/talos", file)).toBe(groupOf("kubernetes/kubernetes", file));
  expect(groupOf("siderolabs/talos", "environments/dev.ts")).not.toBe(
    groupOf("siderolabs/talos", "environments/prod.ts"),
  );
  expect(groupOf("cilium")).toBe(groupOf("@kubernetes-models/cilium"));
  expect(groupOf("argo-cd")).toBe(groupOf("@kubernetes-models/argo-cd"));
});
