/** Shared by the tests of apps: an environment, and apps that differ from a plain one in a few fields. */

import { unknownCharts } from "../../../environments/recorded/chart-request.ts";
import { parseEnvironment } from "../../../environments/schema.ts";
import { admissionWorld } from "../../../lib/admission/admit.ts";
import type { AppEnvironment } from "../../../lib/app/app-environment.ts";
import { type Catalogue, catalogueOf } from "../../../lib/app/catalogue.ts";
import { type AppDeclaration, type AppProps, app } from "../../../lib/app/declaration.ts";
import type { ResolvedApp } from "../../../lib/app/resolved-app.ts";
import { HttpUrl } from "../../../lib/core/values/http-url.ts";
import { Ipv4Range } from "../../../lib/core/values/ipv4-range.ts";
import { lab, TODAY } from "../../environments/lab.ts";

const { cluster, nodes, backup, storageClasses, gitops } = parseEnvironment(lab(), { today: TODAY });

export const environment = (changes: Partial<AppEnvironment> = {}): AppEnvironment => ({
  cluster,
  nodes,
  backup,
  gitops,
  names: { prefix: "vixens", manager: "terravixens", sizing: "vixens.io" },
  name: "prod",
  namespaces: [
    { name: "tools", podSecurity: "baseline", size: "xs" },
    { name: "media", podSecurity: "privileged", size: "m" },
  ],
  edge: {
    domain: "example.org",
    ingressClass: "traefik",
    clusterIssuer: "letsencrypt-prod",
    middlewares: ["traefik-redirect-https"],
    authentication: "auth-forward-auth",
  },
  secretStore: {
    kind: "infisical",
    server: HttpUrl.parse("http://192.0.2.69:8085"),
    project: "lab",
    environment: "prod",
    credentials: { name: "infisical-universal-auth", namespace: "argocd" },
    resyncSeconds: 60,
  },
  staticAddresses: Ipv4Range.parse("192.0.2.70-192.0.2.79"),
  taken: new Map([
    ["argocd.example.org", "ArgoCD's"],
    ["192.0.2.71", "ArgoCD's"],
  ]),
  owned: { names: new Map(), namespaces: new Map() },
  places: [],
  outside: [],
  acceptedRisks: [],
  nodesUnderPolicy: false,
  backsVolumesUp: true,
  storageClasses,
  extensions: ["siderolabs/iscsi-tools", "siderolabs/i915"],
  charts: unknownCharts("an app of a test"),
  admission: admissionWorld([]),
  argocdNamespace: "argocd",
  ...changes,
});

/** Fields of an app, in whatever combination: a test may leave types behind to see what is refused at run time. */
export type Fields = Readonly<Record<string, unknown>>;

/** A plain image with a host, changed; undefined takes a field away. */
export const imageApp = (changes: Fields = {}, name = "web"): AppDeclaration => {
  const fields = {
    image: "example/web:v1.0.0",
    port: 8080,
    host: { prod: `${name}.example.org` },
    size: "xs",
  };
  return app(name, { ...fields, ...changes } as unknown as AppProps);
};

/** A chart with a host, changed. */
export const chartApp = (changes: Fields = {}, name = "charted"): AppDeclaration => {
  const fields = {
    chart: { repository: "https://charts.example.org", name, version: "1.2.3" },
    places: {
      priorityClassName: ["priorityClassName"],
      resources: ["resources"],
      replicas: ["replicaCount"],
    },
    port: 8080,
    host: { prod: `${name}.example.org` },
    size: "xs",
  };
  return app(name, { ...fields, ...changes } as unknown as AppProps);
};

export const problems = (
  apps: readonly AppDeclaration[],
  changes: Partial<AppEnvironment> = {},
): string[] => [...catalogueOf(apps, environment(changes)).problems];

/** An app as it is in prod, alone or beside others. Throws when it is refused. */
export const resolved = (
  declaration: AppDeclaration,
  others: readonly AppDeclaration[] = [],
  changes: Partial<AppEnvironment> = {},
): ResolvedApp => found(catalogueOf([declaration, ...others], environment(changes)), declaration);

const found = ({ apps, problems }: Catalogue, declaration: AppDeclaration): ResolvedApp => {
  const one = apps.get(declaration);
  if (!one || problems.length > 0) throw new Error(`refused: ${problems.join("\n")}`);
  return one;
};
