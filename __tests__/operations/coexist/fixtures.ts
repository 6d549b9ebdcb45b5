/** A GitOps repository of a few apps, and our policies over it. */

import { stringify } from "yaml";
import type { Environment } from "../../../environments/schema.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { defaultDenyPolicy } from "../../../lib/network/default-deny.ts";
import { platformAllowances } from "../../../lib/network/platform-allowances.ts";
import type { CoexistWorld } from "../../../operations/coexist/command.ts";
import { environments } from "../../stacks/homelab.ts";
import {
  application,
  directoryOf,
  type Files,
  kustomization,
  manifest,
  object,
  overlay,
  resource,
} from "../ownership/fixtures.ts";

export const dev = environments().find(({ name }) => name === "dev") as Environment;

export const urls = {
  repository: dev.gitops.repository,
  backupEndpoint: HttpUrl.parse("http://192.0.2.69:9000"),
};

export const ours = [...platformAllowances(urls).map((allowance) => allowance.policy()), defaultDenyPolicy()];

const stacks = [
  resource("helm_release", "cilium", { chart: "cilium", version: "1.18.3", values: [stringify({})] }),
  ...ours.map((policy, at) => manifest(`policy-${at}`, JSON.parse(JSON.stringify(policy)))),
].map((json) => ({ json }));

export const world = (more: Partial<CoexistWorld> = {}): CoexistWorld => ({
  environment: dev,
  stacksOf: () => stacks,
  argocdNamespace: "argocd",
  recorded: undefined,
  factsFile: "/dev/null",
  kubectl: () => undefined,
  ...more,
});

/** A Deployment with its Service on port 80, which leads to 8080. */
export const web = (
  namespace: string,
  name: string,
  env: readonly object[] = [],
  serviceAccountName?: string,
) => {
  const labels = { app: name };
  const containers = [{ name, env, ports: [{ name: "http", containerPort: 8080 }] }];
  return [
    object(`apps/v1 Deployment ${namespace}/${name}`, {
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers, serviceAccountName } },
      },
    }),
    object(`v1 Service ${namespace}/${name}`, {
      spec: { selector: labels, ports: [{ port: 80, targetPort: "http" }] },
    }),
  ];
};

export const ingress = (namespace: string, name: string) => {
  const backend = { service: { name, port: { number: 80 } } };
  return object(`networking.k8s.io/v1 Ingress ${namespace}/${name}`, {
    spec: { rules: [{ host: `${name}.example.org`, http: { paths: [{ path: "/", backend }] } }] },
  });
};

export const policy = (id: string, spec: object) => object(`cilium.io/v2 ${id}`, { spec });

/** A checkout whose apps are the keys, with the objects of each. */
export const checkout = (apps: Readonly<Record<string, readonly object[]>>, more: Files = {}): string =>
  directoryOf(
    overlay(
      Object.keys(apps).map((name) =>
        application(name, "", {
          sources: [{ repoURL: dev.gitops.repository, targetRevision: "main", path: `apps/${name}` }],
        }),
      ),
      {
        ...Object.fromEntries(
          Object.entries(apps).flatMap(([name, objects]) => [
            [`apps/${name}/kustomization.yaml`, kustomization({ resources: ["all.yaml"] })],
            [`apps/${name}/all.yaml`, objects],
          ]),
        ),
        ...more,
      },
    ),
  );
