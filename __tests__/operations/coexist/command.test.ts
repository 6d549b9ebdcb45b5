import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CoexistWorld, coexistCommand } from "../../../operations/coexist/command.ts";
import { compare } from "../../../operations/coexist/compare.ts";
import { curesOf } from "../../../operations/coexist/cures.ts";
import { needsOf } from "../../../operations/coexist/needs.ts";
import { rendered } from "../../../operations/coexist/rendered.ts";
import { Checkout } from "../../../operations/ownership/checkout.ts";
import { gitopsSide } from "../../../operations/ownership/gitops-side.ts";
import { checkout, dev, ingress, ours, policy, urls, web, world } from "./fixtures.ts";

const ROOT = {
  ...dev.gitops,
  path: "argocd/overlays/dev",
  repository: `${dev.gitops.repository}`,
  namespace: "argocd",
};

const run = (
  gitops: string,
  more: Partial<CoexistWorld> = {},
  options: { json?: boolean; write?: boolean } = {},
) => {
  const lines: string[] = [];
  const out = (line: string) => lines.push(line);
  const code = coexistCommand({ gitops, json: false, write: false, ...options }, world(more), {
    out,
    err: () => {},
  });
  return { code, lines, text: lines.join("\n") };
};

const json = (gitops: string, more: Partial<CoexistWorld> = {}) =>
  JSON.parse(run(gitops, more, { json: true }).text);

const DENY_ALL = policy("CiliumClusterwideNetworkPolicy deny", {
  endpointSelector: {},
  enableDefaultDeny: { ingress: true, egress: true },
  ingress: [{ fromEntities: ["cluster"] }],
  egress: [{ toEntities: ["kube-apiserver"] }],
});
const kiosk = [...web("kiosk", "kiosk"), ingress("kiosk", "kiosk")];
const READER = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "reader" },
};

describe("what default deny would close", () => {
  test("is nothing where theirs denies everybody already: yes", () => {
    const { code, lines } = run(checkout({ kiosk: [...kiosk, DENY_ALL] }));
    expect(lines[0]).toBe("dev: yes. Default deny closes nothing of the GitOps side that is open today");
    expect(code).toBe(0);
  });

  test("is named by app, with what says that it is needed and the line that cures it", () => {
    const { code, text } = run(checkout({ kiosk }));
    expect(code).toBe(1);
    expect(text).toContain("dev: not yet. Default deny would close flows of kiosk");
    expect(text).toContain("kiosk: traefik/traefik → kiosk/kiosk 8080/TCP (Ingress kiosk/kiosk)");
    expect(text).toContain('cure: environments/dev.ts, networkPolicy.exceptions: {name: "traefik-kiosk"');
  });

  test("is cured by a profile where the namespace is one of the environment's", () => {
    const { text } = run(checkout({ kiosk: [...web("tools", "kiosk"), ingress("tools", "kiosk")] }));
    expect(text).toContain('cure: environments/dev.ts, namespaces, tools: profiles: [… "web"]');
  });

  test("is found for Services and servers that variables name, and for service accounts with a role", () => {
    const env = [
      { name: "A", value: "http://kiosk.kiosk.svc.cluster.local:80/x" },
      { name: "B", value: "https://api.example.com/v1" },
    ];
    const binding = { ...READER, subjects: [{ kind: "ServiceAccount", namespace: "asks", name: "asker" }] };
    const { lostNeeds } = json(checkout({ kiosk, asks: [...web("asks", "asks", env, "asker"), binding] }));
    const flows = lostNeeds.map((lost: { from: string[]; to: string[]; ports: string[] }) =>
      [lost.from, lost.to, lost.ports].join(" "),
    );
    expect(flows).toEqual([
      "traefik/traefik kiosk/kiosk 8080/TCP",
      "asks/asks kiosk/kiosk 8080/TCP",
      "asks/asks api.example.com 443/TCP",
      "asks/asks API server 6443/TCP",
    ]);
  });

  test("is found where one side's rule names the other, and the other side had no policy", () => {
    const names = policy("CiliumNetworkPolicy kiosk/kiosk", {
      endpointSelector: { matchLabels: { app: "kiosk" } },
      ingress: [
        { fromEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": "asks", app: "asks" } }] },
      ],
    });
    const { lostNeeds } = json(
      checkout({ kiosk: [...web("kiosk", "kiosk"), names], asks: web("asks", "asks") }),
    );
    expect(lostNeeds).toContainEqual(
      expect.objectContaining({
        app: "kiosk",
        from: ["asks/asks"],
        why: "CiliumNetworkPolicy kiosk/kiosk spec.ingress[0]",
      }),
    );
  });

  test("is said of an app that states no need, apart from those that do", () => {
    const { lostNeeds, lostAccess } = json(checkout({ quiet: web("quiet", "quiet") }));
    expect(lostNeeds).toEqual([]);
    expect(lostAccess).toMatchObject([
      { app: "quiet", to: expect.arrayContaining(["the internet", "nodes"]) },
    ]);
  });

  test("is open again with the cures", () => {
    const asks = web("asks", "asks", [
      { name: "A", value: "http://kiosk.kiosk.svc:80 https://api.example.com" },
    ]);
    const read = rendered("dev", gitopsSide(new Checkout(checkout({ kiosk, asks })), ROOT));
    const theirs = { ...read, needs: needsOf(read) };
    const lost = (more: readonly unknown[]) =>
      compare({ theirs, ours: [...ours, ...more], ciliumVersion: "1.18.3", ...urls }).lostNeeds;
    const cures = lost([]).flatMap((each) => curesOf(each, read.pods, dev));
    expect(cures).toHaveLength(3);
    expect(lost(cures.map(({ allowance }) => allowance.policy()))).toEqual([]);
  });

  test("is not known of a chart that was never rendered", () => {
    const chart = { repoURL: "https://charts.example.org", chart: "never", targetRevision: "1.0.0" };
    const app = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "never", namespace: "argocd" },
      spec: { destination: { server: "https://kubernetes.default.svc", namespace: "never" }, source: chart },
    };
    const { code, text } = run(checkout({ root: [app] }));
    expect(code).toBe(1);
    expect(text).toContain("Not known, their pods could not be read: never");
  });
});

test("what stays open and we call closed is told by the rule that opens it, with its file", () => {
  const { text } = run(checkout({ kiosk: [...kiosk, DENY_ALL] }));
  expect(text).toContain("Stays open by their policies, and we call it closed");
  expect(text).toMatch(
    /app → API server: \d+ pairs by 1 rules, most by CiliumClusterwideNetworkPolicy deny spec\.egress\[0\] \(apps\/kiosk\/all\.yaml\)/,
  );
});

test("a hundred apps fit on a screen, and the last line names the file with all of them", () => {
  const apps = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [
      `app${at}`,
      [...web(`n${at}`, `app${at}`), ingress(`n${at}`, `app${at}`)],
    ]),
  );
  const { lines } = run(checkout(apps));
  expect(lines.length).toBeLessThanOrEqual(40);
  const file = /^All of it: (.*)$/.exec(lines.at(-1) ?? "")?.[1] ?? "";
  expect(readFileSync(file, "utf8")).toContain("closes: app99: traefik/traefik → n99/app99 on 8080/TCP");
});

describe("the reading", () => {
  test("takes kubectl's word where the two differ, and says so", () => {
    const [deployment] = web("kiosk", "other");
    const { text } = run(checkout({ kiosk }), { kubectl: () => () => [deployment as never] });
    expect(text).toContain(
      "Note: kubectl kustomize renders 2 otherwise than we read them, and it counts: kiosk/kiosk, kiosk/other",
    );
  });

  test("knows labels that a kustomization sets, in pods too", () => {
    const directory = checkout(
      { kiosk },
      {
        "apps/kiosk/kustomization.yaml": {
          resources: ["all.yaml"],
          labels: [{ pairs: { tier: "front" }, includeTemplates: true }],
          commonLabels: { team: "home" },
        },
      },
    );
    const file = join(mkdtempSync(join(tmpdir(), "facts-")), "dev.json");
    commit(directory);
    run(directory, { factsFile: file }, { write: true });
    expect(JSON.parse(readFileSync(file, "utf8")).pods[0].labels).toEqual({
      app: "kiosk",
      tier: "front",
      team: "home",
    });
  });
});

const git = (directory: string, ...args: string[]) =>
  execFileSync("git", ["-C", directory, "-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
    encoding: "utf8",
  });

const commit = (directory: string): string => {
  git(directory, "init", "-q", "-b", "main");
  git(directory, "add", "-A");
  git(directory, "commit", "-q", "--allow-empty", "-m", "state");
  return git(directory, "rev-parse", "HEAD").trim();
};

describe("facts", () => {
  const secret = { name: "A", value: "https://user:hunter2@api.example.com/token" };

  test("are the commit, pods, policies and needs, and nothing of what variables hold", () => {
    const directory = checkout({
      kiosk: [...web("kiosk", "kiosk", [secret]), ingress("kiosk", "kiosk"), DENY_ALL],
    });
    const head = commit(directory);
    const file = join(mkdtempSync(join(tmpdir(), "facts-")), "dev.json");
    run(directory, { factsFile: file }, { write: true });
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain("hunter2");
    expect(JSON.parse(text)).toMatchObject({
      repository: `${dev.gitops.repository}`,
      revision: "main",
      commit: head,
      pods: [{ id: "kiosk/kiosk", app: "kiosk", namespace: "kiosk", labels: { app: "kiosk" } }],
      policies: [{ kind: "CiliumClusterwideNetworkPolicy", metadata: { name: "deny" } }],
      needs: [
        {
          from: "traefik/traefik",
          to: "kiosk/kiosk",
          port: 8080,
          protocol: "TCP",
          why: "Ingress kiosk/kiosk",
        },
      ],
    });
  });

  test("that are older than the revision in use are told, with how many commits", () => {
    const directory = checkout({ kiosk });
    const first = commit(directory);
    git(directory, "commit", "-q", "--allow-empty", "-m", "later");
    const { text } = run(directory, { recorded: { commit: first, committedOn: "2026-05-01" } as never });
    expect(text).toMatch(/Note: the recorded facts are of \w{9} \(2026-05-01\), 1 commits older than main/);
  });

  test("a checkout that is not at what the environment syncs is told", () => {
    const directory = checkout({ kiosk });
    commit(directory);
    git(directory, "commit", "-q", "--allow-empty", "-m", "later");
    git(directory, "checkout", "-q", "--detach");
    git(directory, "branch", "-f", "main", "HEAD~1");
    expect(run(directory).text).toMatch(
      /Note: this is of \w{9}, 1 commits newer than main \(\w{9}\), which is synced/,
    );
  });

  test("are not recorded from what is no checkout of Git", () => {
    expect(() => run(checkout({ kiosk }), {}, { write: true })).toThrow(
      /--write: --gitops must be a checkout of Git/,
    );
  });
});
