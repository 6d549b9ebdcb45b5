import { describe, expect, test } from "vitest";
import type { Environment } from "../../../environments/schema.ts";
import { app } from "../../../lib/app/declaration.ts";
import { metrics } from "../../../lib/app/link-ends.ts";
import { egressTo, scrapedBy, uses } from "../../../lib/app/links.ts";
import { Allowance } from "../../../lib/network/allowance.ts";
import { Peer } from "../../../lib/network/peer.ts";
import { Port } from "../../../lib/network/port.ts";
import { explain } from "../../../operations/explain/explanation.ts";
import { explanationText } from "../../../operations/explain/explanation-text.ts";
import { flowsOf } from "../../../operations/explain/flows.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { chartsWhereTheyAreCurrent, environments, withoutPrivilegedApps } from "../../stacks/homelab.ts";

const db = app("db", {
  image: "example/db:v1.0.0",
  port: 5432,
  environments: ["prod"],
  size: "s",
  // Somebody must fetch secrets.
  defines: ["secrets.infisical.com/InfisicalSecret"],
  storage: { data: { class: "synelia-iscsi-retain", size: "5Gi", mount: "/data" } },
});
const web = app("web", {
  image: "example/web:v1.0.0",
  port: 8080,
  host: { prod: "web.truxonline.com" },
  size: "xs",
  network: [uses(db), egressTo("api.example.org"), scrapedBy(metrics, 9090)],
  secrets: ["/apps/tools/web", "/shared/smtp"],
  storage: {
    cache: {
      class: "synelia-iscsi-delete",
      size: "1Gi",
      mount: "/cache",
      backup: { off: "It is made anew." },
    },
  },
});
const tool = app("tool", {
  image: "example/tool:v2.0.0",
  port: 80,
  namespace: "tools",
  environments: ["prod"],
  size: "xs",
  network: [uses(web)],
  hibernate: true,
});

const prod = environments(withoutPrivilegedApps).find(({ name }) => name === "prod") as Environment;
const around = surroundingsOf(prod, [db, web, tool], chartsWhereTheyAreCurrent);
const explained = (declaration: typeof web, lines?: number) => {
  const resolved = around.catalogue.apps.get(declaration);
  if (!resolved) throw new Error("does not live here");
  return explain(resolved, around, lines);
};

describe("an app", () => {
  const { objects, flows, capacity, ...rest } = explained(web, 14);

  test("is these objects, at these addresses", () => {
    expect(objects.map(({ what }) => what).sort()).toEqual([
      "AppProject.argoproj.io argocd/web",
      "Application.argoproj.io argocd/web",
      "CiliumClusterwideNetworkPolicy.cilium.io app-web",
      "InfisicalSecret.secrets.infisical.com web/web-secrets",
      "InfisicalSecret.secrets.infisical.com web/web-smtp-secrets",
      "Ingress.networking.k8s.io web/web",
      "LimitRange web/containers",
      "Namespace web",
      "PersistentVolumeClaim web/web-cache",
      "ResourceQuota web/namespace",
      "ResourceQuota web/no-system-priority",
    ]);
    expect(objects.find(({ what }) => what === "Namespace web")).toEqual({
      what: "Namespace web",
      stack: "prod-apps",
      address: expect.stringMatching(/^kubernetes_namespace_v1\.apps_web_namespace_/),
    });
  });

  test("has these flows, by these allowances, which the evaluator allows", () => {
    expect(
      flows.map(({ from, to, ports, allowance }) => `${allowance}: ${from} → ${to} ${ports.join(" ")}`),
    ).toEqual([
      "platform-dns: web/web → kube-system/kube-dns 53/UDP 53/TCP",
      expect.stringMatching(/^platform-webhooks: kube-apiserver\+remote-node → web\/web 443\/TCP /),
      "app-web: traefik/traefik → web/web 8080/TCP",
      "app-web: web/web → db/db 5432/TCP",
      "app-web: web/web → api.example.org 443/TCP",
      "app-web: monitoring/vmagent → web/web 9090/TCP",
      "app-tool: tools/tool → web/web 8080/TCP",
    ]);
    for (const { verdicts } of flows) expect(verdicts).toEqual(["allowed"]);
  });

  test("asks for this much of that", () => {
    expect(capacity).toMatchObject({
      size: "xs",
      replicas: 1,
      requests: { cpu: "10m", memory: "128Mi" },
      namespace: { name: "web", size: "xxs", shared: false, used: { cpu: 100, memory: 100 } },
    });
    expect(capacity.share.memory).toBeGreaterThan(0);
    expect(capacity.share.memory).toBeLessThan(100);
  });

  test("says where it is, what it keeps and what it comes after", () => {
    expect(rest).toEqual({
      environment: "prod",
      app: "web",
      differences: [],
      containers: [],
      source: "image example/web:v1.0.0 by the chart app-template 4.1.1",
      podSecurity: "restricted",
      priorityClass: "vixens-medium",
      hibernates: false,
      hosts: [{ host: "web.truxonline.com", how: "TLS by cert-manager, private DNS, behind the login" }],
      secrets: [
        { path: "/apps/tools/web", secret: "web/web-secrets" },
        { path: "/shared/smtp", secret: "web/web-smtp-secrets" },
      ],
      volumes: [
        {
          ...{ claim: "web/web-cache", madeBy: "this project", class: "synelia-iscsi-delete", size: "1Gi" },
          backup: "off: It is made anew.",
        },
      ],
      dependencies: ["db"],
      dependents: ["tool"],
      cost: { file: "apps/web.ts", lines: 14, vixens: undefined },
    });
  });
});

test("in a shared namespace it takes a part of its quota", () => {
  const { capacity, hosts, hibernates } = explained(tool);
  expect(capacity.namespace).toMatchObject({ name: "tools", shared: true });
  expect(capacity.replicas).toBe(0);
  expect([hosts, hibernates]).toEqual([[], true]);
});

test("a flow that an allowance declares and no policy opens is denied", () => {
  const resolved = around.catalogue.apps.get(web);
  if (!resolved) throw new Error("does not live here");
  const route = {
    from: Peer.workload("media", { app: "x" }),
    to: Peer.namespace("web"),
    ports: [Port.tcp(1)],
  };
  const stray = new Allowance({ name: "stray", why: "Nobody applies it.", routes: [route] });
  expect(flowsOf(resolved, [stray], around.network)).toEqual([
    { from: "media/x", to: "web/web", ports: ["1/TCP"], allowance: "stray", verdicts: ["denied"] },
  ]);
});

describe("the report", () => {
  const text = explanationText(explained(db, 9));

  test("has a section for everything, and says none where there is none", () => {
    expect(text.split("\n").filter((line) => /^\w/.test(line))).toEqual([
      "prod/db: image example/db:v1.0.0 by the chart app-template 4.1.1",
      "objects, 7",
      "containers, declared → effective",
      "flows",
      "capacity",
      "hosts",
      "secrets",
      "volumes",
      "order",
      "cost",
    ]);
    expect(text).toContain("\nhosts\n  none\n\nsecrets\n  none\n");
  });

  test("lists claims with their backup, and the flow of who uses it", () => {
    expect(text).toContain("  db/db-data  5Gi  synelia-iscsi-retain  made by this project  backup daily");
    expect(text).toMatch(/ {2}web\/web → db\/db +5432\/TCP +app-web +allowed\n/);
    expect(text).toMatch(/ {2}comes before +web\n/);
  });

  test("counts lines, here and in vixens where somebody counted", () => {
    expect(text).toMatch(/apps\/db\.ts +9 lines\n +vixens +does not have it, or nobody counted$/);
    const whoami = {
      ...explained(db),
      cost: { file: "apps/whoami.ts", lines: 9, vixens: { files: 14, lines: 289 } },
    };
    expect(explanationText(whoami)).toMatch(/vixens +14 files, 289 lines$/);
    expect(explanationText(explained(db))).toContain(
      "apps/db.ts  is not there: the app stands in another file",
    );
  });
});
