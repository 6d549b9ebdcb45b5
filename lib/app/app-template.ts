/**
 * Values of bjw-s `app-template` for a plain image: one controller with one container, its Service, its claims.
 * Source: charts/other/app-template and charts/library/common 4.1.1.
 */
import { overlay } from "../core/helm/values.ts";
import type { Port } from "../network/port.ts";
import { clusterRoleValues } from "./cluster-role-values.ts";
import { containerValues, restrained, variableValues } from "./container-values.ts";
import type { HelmValue, HelmValues } from "./declaration.ts";
import { opensDevices } from "./devices.ts";
import { parseImage } from "./image.ts";
import { mountKey, mountValues, placesOf } from "./mount-values.ts";
import { probesOf } from "./probes.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { runController, syncTrigger } from "./runs.ts";
import { secretNames } from "./secrets.ts";
import { APP_SIZES } from "./sizes.ts";
import { privilegeAnnotations, sizedContainers, sizingLabels } from "./sizing.ts";
import { claimName } from "./storage.ts";

export const APP_TEMPLATE = {
  repository: "https://bjw-s-labs.github.io/helm-charts",
  name: "app-template",
  version: "4.1.1",
} as const;

/** The user `nobody`. */
const NOBODY = 65534;

export const appTemplateValues = (app: ResolvedApp): HelmValues => {
  if (app.source.kind !== "image") throw new Error(`app ${app.name}: must be an image`);
  const { props, image } = app.source;
  const { privileges } = app;
  const user = props.runAs ?? (privileges?.root ? 0 : NOBODY);
  const container: HelmValues = {
    image: { ...(parseImage(image) ?? { repository: image, tag: "" }) },
    ...(props.command && { command: [...props.command] }),
    ...(props.args && { args: [...props.args] }),
    ...(Object.keys(app.env).length > 0 && { env: variableValues(app, app.env) }),
    ...(asVariables(app).length > 0 && {
      envFrom: asVariables(app).map((name) => ({ secretRef: { name } })),
    }),
    resources: resources(app),
    ...(app.port !== undefined && {
      probes: probesOf(app.port, props.health === "none" ? undefined : props.health),
    }),
    securityContext: opensDevices(privileges)
      ? { privileged: true }
      : restrained(user === 0 ? privileges?.capabilities : []),
  };
  const values: HelmValues = {
    // Everything is called after the app alone, pods and Service alike.
    global: { nameOverride: app.name, fullnameOverride: app.name },
    defaultPodOptions: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      priorityClassName: app.priorityClassName,
      securityContext: {
        ...(user === 0 ? { runAsNonRoot: false } : { runAsNonRoot: true }),
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      },
      ...(privileges?.node?.[app.environment] !== undefined && {
        nodeSelector: { "kubernetes.io/hostname": privileges.node[app.environment] ?? "" },
      }),
      ...(privileges?.hostNetwork && { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" }),
    },
    controllers: {
      main: overlay<HelmValues>(
        {
          ...(app.runs ? runController(app.runs, app.hibernates) : deployment(app)),
          containers: { main: container },
        },
        containerValues(app),
      ),
    },
    ...services(app),
    ...volumes(app),
  };
  const written = overlay(overlay(values, clusterRoleValues(app)), app.values);
  const all = app.runs?.kind === "once" ? overlay(written, syncTrigger(written)) : written;
  const labels = sizingLabels(app, sizedContainers(all));
  const annotations = privilegeAnnotations(app);
  return overlay(all, {
    defaultPodOptions: {
      ...(Object.keys(labels).length > 0 && { labels }),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
  });
};

/** Secrets whose keys are variables: those that are no files. */
const asVariables = (app: ResolvedApp): string[] => {
  const files = Object.values(app.mounts).flatMap((mount) => (mount.kind === "secret" ? [mount.path] : []));
  return secretNames(app).filter((_, at) => !files.includes(app.secrets[at] ?? ""));
};

const resources = ({ size, devices }: ResolvedApp): HelmValues => {
  const { requests, limits } = APP_SIZES[size];
  return { requests, limits: { ...limits, ...Object.fromEntries(devices.map((device) => [device, 1])) } };
};

const deployment = (app: ResolvedApp): HelmValues => ({
  replicas: app.replicas,
  revisionHistoryLimit: 3,
  // A claim that one node holds cannot be mounted twice, so the old pod goes first.
  strategy: Object.keys(app.storage).length > 0 ? "Recreate" : "RollingUpdate",
  ...(app.secrets.length > 0 && { annotations: { "reloader.stakater.com/auto": "true" } }),
});

/** The Service of the app's ports, and one for each load-balancer address. */
const services = (app: ResolvedApp): HelmValues => {
  const balancers = app.links.flatMap((link): [string, HelmValue][] => {
    const address =
      link.kind === "exposed" && link.by.kind === "load-balancer" && link.by.address[app.environment];
    if (!address) return [];
    const service = {
      controller: "main",
      type: "LoadBalancer",
      externalTrafficPolicy: "Cluster",
      annotations: { "io.cilium/lb-ipam-ips": address },
      ports: Object.fromEntries(link.ports.flatMap(servicePorts)),
    };
    return [[`at-${address.replaceAll(".", "-")}`, service]];
  });
  // Beside another Service the chart would call this one by its key.
  const further = Object.fromEntries(
    Object.entries(app.ports).map(([name, { protocol, start }]) => [
      name,
      { port: start, ...(protocol !== "TCP" && { protocol }) },
    ]),
  );
  const ports = { ...(app.port !== undefined && { http: { port: app.port } }), ...further };
  const main: [string, HelmValue][] =
    Object.keys(ports).length === 0
      ? []
      : [
          [
            "main",
            {
              controller: "main",
              ...(balancers.length > 0 && { forceRename: app.name }),
              ports,
            },
          ],
        ];
  const all = [...main, ...balancers];
  return all.length === 0 ? {} : { service: Object.fromEntries(all) };
};

const servicePorts = ({ protocol, start, end }: Port): [string, HelmValue][] =>
  Array.from({ length: end - start + 1 }, (_, at) => [
    `${protocol.toLowerCase()}-${start + at}`,
    { port: start + at, protocol },
  ]);

const volumes = (app: ResolvedApp): HelmValues => {
  const { name, storage, privileges } = app;
  const claims = Object.entries(storage).map(([volume, { mount }]) => [
    volume,
    {
      type: "persistentVolumeClaim",
      existingClaim: claimName(name, volume),
      ...placesOf(app, volume, { path: mount ?? `/${volume}` }),
    },
  ]);
  const paths = (privileges?.hostPaths ?? []).map((path) => [
    mountKey(path),
    { type: "hostPath", hostPath: path, ...placesOf(app, path, { path }) },
  ]);
  const { persistence, configMaps } = mountValues(app);
  const all: HelmValues = { ...Object.fromEntries([...claims, ...paths]), ...persistence };
  return {
    ...(Object.keys(all).length > 0 && { persistence: all }),
    ...(Object.keys(configMaps).length > 0 && { configMaps }),
  };
};
