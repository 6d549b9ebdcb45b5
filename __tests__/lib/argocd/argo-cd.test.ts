import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { dev } from "../../../environments/dev.ts";
import { prod } from "../../../environments/prod.ts";
import { ArgoCd, type ArgoCdProps } from "../../../lib/argocd/argo-cd.ts";
import type { ArgoCdValues } from "../../../lib/argocd/values.ts";
import { Ipv4Address } from "../../../lib/core/values/ipv4-address.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";
import { unknownValues } from "../core/helm/chart-keys.ts";

const PROPS: ArgoCdProps = {
  chartVersion: "7.7.7",
  address: Ipv4Address.parse("192.168.208.71"),
  hostname: "argocd.dev.truxonline.com",
  admin: "password-hash",
  priorityClassName: "vixens-critical",
  dependsOn: [],
};

/** Keys that ArgoCD itself reads from the ConfigMap `argocd-cm`, which the chart fills with whatever it is given. */
const READ_BY_ARGOCD = ["/configs/cm/url", "/configs/cm/users.anonymous.enabled"];

const build = (props: Partial<ArgoCdProps> = {}) => {
  const [argocd, stack] = synthPlatform((s) => new ArgoCd(s, "argocd", { ...PROPS, ...props }));
  const release = onlyResource(stack, "helm_release");
  const values: ArgoCdValues = parse((release.values as string[])[0] ?? "");
  return { argocd, stack, release, values };
};

const keysOf = (version: string) => new URL(`argo-cd-${version}.keys.txt`, import.meta.url);

describe("the release", () => {
  test("is pinned, awaited and in a namespace that is made elsewhere", () => {
    expect(build().release).toMatchObject({
      name: "argocd",
      chart: "argo-cd",
      repository: "https://argoproj.github.io/argo-helm",
      version: "7.7.7",
      namespace: "argocd",
      create_namespace: false,
      wait: true,
      timeout: 1200,
    });
    expect(build({ namespace: "gitops" }).release.namespace).toBe("gitops");
  });

  test("tells its outputs", () => {
    expect(build().argocd.outputs).toEqual({
      namespace: "argocd",
      url: "https://argocd.dev.truxonline.com",
      address: "192.168.208.71",
    });
  });
});

describe("the values", () => {
  test.each([dev, prod])("of $name are all known to the chart of its version", ({ versions }) => {
    expect(unknownValues(keysOf(versions.argocdChart), build().values)).toEqual(READ_BY_ARGOCD);
  });

  test("that did nothing are found", () => {
    const values = {
      server: { config: { url: "http://192.0.2.1" } },
      configs: { cm: { "policy.csv": "p, a" }, rbac: { policyDefault: "role:readonly" } },
    };
    expect(unknownValues(keysOf("7.7.7"), values)).toEqual([
      "/server/config/url",
      "/configs/cm/policy.csv",
      "/configs/rbac/policyDefault",
    ]);
  });

  test("ask for the address by annotation", () => {
    expect(build().values.server.service).toEqual({
      type: "LoadBalancer",
      annotations: { "io.cilium/lb-ipam-ips": "192.168.208.71" },
      externalTrafficPolicy: "Cluster",
    });
  });

  test("are closed by default", () => {
    const { configs } = build().values;
    expect(configs.params).toEqual({ "server.disable.auth": false, "server.insecure": false });
    expect(configs.cm["users.anonymous.enabled"]).toBe(false);
    expect(configs.rbac).toEqual({ create: true, "policy.default": "role:readonly", "policy.csv": "" });
  });

  test("open what the environment opens, and nothing else", () => {
    expect(build({ plainHttp: true }).values.configs).toMatchObject({
      cm: { url: "http://argocd.dev.truxonline.com", "users.anonymous.enabled": false },
      params: { "server.insecure": true, "server.disable.auth": false },
    });
    expect(build({ authDisabled: true }).values.configs.params).toEqual({
      "server.insecure": false,
      "server.disable.auth": true,
    });
    expect(build({ anonymous: true }).values.configs.cm).toMatchObject({
      "users.anonymous.enabled": true,
      url: "https://argocd.dev.truxonline.com",
    });
  });

  test("put every component on control planes too, in one priority class, without the chart's policies", () => {
    expect(build().values.global).toEqual({
      domain: "argocd.dev.truxonline.com",
      networkPolicy: { create: false },
      priorityClassName: "vixens-critical",
      tolerations: [
        { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
      ],
    });
    expect(build().values).toMatchObject({
      dex: { enabled: false },
      server: { ingress: { enabled: false } },
      crds: { install: true, keep: true },
    });
  });

  test("limit the memory of every component that runs", () => {
    const { values } = build();
    for (const component of [
      values.controller,
      values.repoServer,
      values.server,
      values.applicationSet,
      values.notifications,
      values.redis,
      values.redisSecretInit,
    ]) {
      expect(component.resources).toEqual({
        requests: { cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+[MG]i$/) },
        limits: { memory: expect.stringMatching(/^\d+[MG]i$/) },
      });
    }
  });

  test("can be overridden, one at a time", () => {
    const { values } = build({ overrides: { configs: { rbac: { "policy.default": "" } } } });
    expect(values.configs.rbac).toEqual({ create: true, "policy.default": "", "policy.csv": "" });
  });

  test("do not compile when misspelt", () => {
    // @ts-expect-error: policy.default
    build({ overrides: { configs: { rbac: { policyDefault: "role:readonly" } } } });
  });
});

describe("the admin account", () => {
  test("has the hash of a sensitive variable that takes nothing but bcrypt", () => {
    const { release, stack, values } = build();
    expect(values.configs.cm["admin.enabled"]).toBe(true);
    expect(release.set_sensitive).toEqual([
      {
        name: "configs.secret.argocdServerAdminPassword",
        value: "${var.argocd_admin_password_hash}",
        type: "string",
      },
    ]);
    const variable = stack.variable?.argocd_admin_password_hash;
    expect(variable).toMatchObject({ type: "string", sensitive: true, nullable: false });
    expect(variable).not.toHaveProperty("default");
    expect(variable).not.toHaveProperty("validation");
    const [quoted] =
      /(?<=regex\()".*"(?=, )/.exec(
        JSON.parse(JSON.stringify(release.lifecycle)).precondition[0].condition,
      ) ?? [];
    const bcrypt = new RegExp(JSON.parse(quoted ?? ""));
    expect(bcrypt.test(`$2a$10$${"a./9".repeat(13)}Z`)).toBe(true);
    expect(bcrypt.test("hunter2")).toBe(false);
    expect(bcrypt.test(`x$2a$10$${"a".repeat(53)}`)).toBe(false);
  });

  test("never changes its time by itself", () => {
    const time = (props?: Partial<ArgoCdProps>) =>
      build(props).values.configs.secret.argocdServerAdminPasswordMtime;
    expect(time()).toBe("2026-01-01T00:00:00Z");
    expect(time({ adminPasswordChangedAt: "2026-11-02T08:00:00Z" })).toBe("2026-11-02T08:00:00Z");
  });

  test("can be off, and then asks for nothing", () => {
    const { release, stack, values } = build({ admin: "disabled" });
    expect(values.configs.cm["admin.enabled"]).toBe(false);
    expect(release).not.toHaveProperty("set_sensitive");
    expect(release).not.toHaveProperty("lifecycle");
    expect(stack.variable).toBeUndefined();
  });
});

describe("refuses", () => {
  test.each(["7.7", "^7.7.7", "v7.7.7"])("the chart version %j", (chartVersion) => {
    expect(() => build({ chartVersion })).toThrow(
      `chart argo-cd: version: must be exact, MAJOR.MINOR.PATCH: got "${chartVersion}"`,
    );
  });

  test.each(["argocd", "ArgoCD.example.com", "https://argocd.example.com", ""])(
    "the host name %j",
    (hostname) => {
      expect(() => build({ hostname })).toThrow(
        `ArgoCd: hostname: must be a fully qualified host name: got "${hostname}"`,
      );
    },
  );

  test.each(["now", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00+02:00"])(
    "the time %j",
    (adminPasswordChangedAt) => {
      expect(() => build({ adminPasswordChangedAt })).toThrow(
        `ArgoCd: adminPasswordChangedAt: must be a time in UTC, e.g. 2026-01-01T00:00:00Z: got "${adminPasswordChangedAt}"`,
      );
    },
  );

  test("an empty priority class, and everything else at once", () => {
    expect(() => build({ chartVersion: "7", hostname: "x", priorityClassName: "" })).toThrow(
      /version: must be[\s\S]*hostname: must be[\s\S]*priorityClassName: must be the name of a priority class: got ""/,
    );
  });
});
