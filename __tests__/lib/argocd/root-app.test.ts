import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { RootApp, type RootAppProps } from "../../../lib/argocd/root-app.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { synthPlatform } from "../../platform.ts";
import { onlyResource } from "../../synth.ts";

const PROPS: RootAppProps = {
  environment: "prod",
  path: "argocd/overlays/prod",
  repository: HttpUrl.parse("https://github.com/charchess/vixens.git"),
  revision: "prod-stable",
};

const build = (props: Partial<RootAppProps> = {}) => {
  const [rootApp, stack] = synthPlatform((s) => new RootApp(s, "root-app", { ...PROPS, ...props }));
  return { rootApp, stack, manifests: stack.resource?.kubectl_manifest };
};

const object = (props?: Partial<RootAppProps>) =>
  parse(onlyResource(build(props).stack, "kubectl_manifest").yaml_body as string);

test("is the application of applications", () => {
  expect(object()).toEqual({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: {
      name: "homelab-app-of-apps",
      namespace: "argocd",
      labels: { "homelab.lab/environment": "prod", "homelab.lab/managed-by": "terraform" },
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    },
    spec: {
      project: "default",
      source: {
        repoURL: "https://github.com/charchess/vixens.git",
        targetRevision: "prod-stable",
        path: "argocd/overlays/prod",
      },
      destination: { server: "https://kubernetes.default.svc", namespace: "argocd" },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
      },
    },
  });
});

test("heals itself unless told otherwise", () => {
  expect(object({ selfHeal: false }).spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: false });
});

test("lives where ArgoCD does", () => {
  expect(object({ namespace: "gitops" })).toMatchObject({
    metadata: { namespace: "gitops" },
    spec: { destination: { namespace: "gitops" } },
  });
});

test("is never destroyed by a plan, for that would delete every application", () => {
  expect(build().manifests?.root_app).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(build().stack).not.toHaveProperty("removed");
});

describe("the revision none", () => {
  test("applies nothing", () => {
    const { rootApp, manifests } = build({ revision: "none" });
    expect(manifests).toBeUndefined();
    expect(rootApp.application).toBeUndefined();
    expect(rootApp.outputs.isPresent).toBe(false);
  });

  test("forgets the application under the address that it would have, and leaves it running", () => {
    const address = Object.keys(build().manifests ?? {}).map((id) => `kubectl_manifest.${id}`);
    expect(build({ revision: "none" }).stack).toMatchObject({
      removed: [{ from: address[0], lifecycle: { destroy: false } }],
    });
  });
});

test("tells its outputs", () => {
  expect(build().rootApp.outputs).toEqual({
    name: "homelab-app-of-apps",
    namespace: "argocd",
    path: "argocd/overlays/prod",
    isPresent: true,
  });
});

describe("refuses", () => {
  test.each(["", "Prod", "../dev", "a/b"])("the environment %j", (environment) => {
    expect(() => build({ environment })).toThrow(
      `RootApp: environment: must be a DNS label: got "${environment}"`,
    );
  });

  test("an empty revision", () => {
    expect(() => build({ revision: "" })).toThrow(
      'RootApp: revision: must be a branch, tag or commit: got ""',
    );
  });

  test("mistakes even when nothing is applied", () => {
    expect(() => build({ revision: "none", environment: "" })).toThrow("RootApp: environment: must be");
  });
});
