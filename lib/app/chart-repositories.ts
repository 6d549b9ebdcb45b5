/** The servers from which ArgoCD fetches charts and manifests: its repository server may reach these, and no more. */
import { Allowance } from "../network/allowance.ts";
import { Peer } from "../network/peer.ts";
import { platformPods } from "../network/platform-pods.ts";
import { Port } from "../network/port.ts";
import { APP_TEMPLATE } from "./app-template.ts";
import type { ResolvedApp } from "./resolved-app.ts";

/**
 * Hosts that a repository sends its client on to. Charts on GitHub Pages are files of GitHub releases; registries
 * serve layers from elsewhere.
 */
const REDIRECTS: readonly (readonly [from: RegExp, to: readonly string[]])[] = [
  [/\.github\.io$/, ["github.com", "release-assets.githubusercontent.com", "objects.githubusercontent.com"]],
  [/^ghcr\.io$/, ["pkg-containers.githubusercontent.com"]],
  [/^registry-1\.docker\.io$/, ["auth.docker.io", "production.cloudflare.docker.com"]],
  [/^quay\.io$/, ["cdn01.quay.io", "cdn02.quay.io", "cdn03.quay.io"]],
];

/** `app-template` names its schema by URL, which Helm reads whenever it renders the chart. */
const SCHEMA_HOST = "raw.githubusercontent.com";

const repositoryOf = ({ source }: ResolvedApp): string => {
  if (source.kind === "image") return APP_TEMPLATE.repository;
  return source.kind === "chart" ? source.props.chart.repository : source.props.git.repository;
};

/** Hosts that an app's chart or manifests come from. */
export const repositoryHosts = (app: ResolvedApp): string[] => {
  const direct = new URL(repositoryOf(app).replace(/^oci:/, "https:")).hostname;
  return [
    direct,
    ...(app.source.kind === "image" ? [SCHEMA_HOST] : []),
    ...(app.declaration.props.chart?.alsoFrom ?? []),
    ...REDIRECTS.filter(([from]) => from.test(direct)).flatMap(([, to]) => to),
  ];
};

/** Hosts that the apps' charts come from, sorted. */
const chartHosts = (apps: readonly ResolvedApp[]): string[] =>
  [...new Set(apps.flatMap(repositoryHosts))].sort();

/** The allowance `argocd-charts`; undefined without apps. */
export const chartRepositoriesAllowance = (apps: readonly ResolvedApp[]): Allowance | undefined =>
  apps.length === 0
    ? undefined
    : new Allowance({
        name: "argocd-charts",
        why: "The repository server fetches the charts and manifests of apps.",
        routes: chartHosts(apps).map((host) => ({
          from: platformPods.argocdRepoServer.peer,
          to: Peer.fqdn(host),
          ports: [Port.tcp(443)],
        })),
      });
