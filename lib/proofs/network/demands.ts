/** Needs of an environment and its apps, as routes that must live: told by what they are, and by no allowance. */
import type { Environment } from "../../../environments/schema.ts";
import { linkRoutes } from "../../app/allowances.ts";
import { repositoryHosts } from "../../app/chart-repositories.ts";
import type { AppDeclaration } from "../../app/declaration.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { bucketUrl } from "../../core/values/s3-location.ts";
import { EXCEPTION_PREFIX, exceptionRoute } from "../../network/exceptions.ts";
import { Peer } from "../../network/peer.ts";
import { platformPods } from "../../network/platform-pods.ts";
import { Port } from "../../network/port.ts";
import { PROFILES } from "../../network/profiles.ts";
import type { Demand } from "./inventory.ts";

/** The second bucket, the profiles of namespaces, and the exceptions. */
export const environmentDemands = ({ backup, namespaces, networkPolicy }: Environment): Demand[] => {
  const copy = backup?.copy ? [bucketUrl(backup.copy)] : [];
  return [
    ...copy.map((url) => ({
      name: "platform-etcd-backup-copy",
      routes: [{ from: platformPods.etcdBackup.peer, to: Peer.urlHost(url), ports: [Port.tcp(url.port)] }],
    })),
    ...namespaces.flatMap(({ name, profiles }) =>
      profiles.map((profile) => ({
        name: `profile-${name}`,
        routes: [PROFILES[profile](Peer.namespace(name))],
      })),
    ),
    ...networkPolicy.exceptions.map((exception) => ({
      name: `${EXCEPTION_PREFIX}${exception.name}`,
      routes: [exceptionRoute(exception)],
    })),
  ];
};

/** The links of every app, and the repository that its chart or manifests come from. */
export const appDemands = (apps: ReadonlyMap<AppDeclaration, ResolvedApp>): Demand[] =>
  [...apps.values()].flatMap((app) => [
    { name: `app-${app.name}`, routes: app.links.flatMap((link) => linkRoutes(link, app, apps)) },
    {
      name: "argocd-charts",
      routes: repositoryHosts(app).map((host) => ({
        from: platformPods.argocdRepoServer.peer,
        to: Peer.fqdn(host),
        ports: [Port.tcp(443)],
      })),
    },
  ]);
