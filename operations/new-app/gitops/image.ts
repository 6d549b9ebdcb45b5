/** One workload with a pod of its own, as an image with what runs beside it. */

import { DeclaredPort } from "../../../lib/app/declared-port.ts";
import { once, onSchedule, type Runs } from "../../../lib/app/runs.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";
import { overlay } from "../../../lib/core/helm/values.ts";
import type { Port } from "../../../lib/network/port.ts";
import { capabilities, containerPort, containersBeside, ownContainer, sizeFor } from "./containers.ts";
import type { VariableSurroundings } from "./variables.ts";
import { variablesOf } from "./variables.ts";
import { volumesOf } from "./volumes.ts";

export interface ImageSurroundings extends Omit<VariableSurroundings, "metadata"> {
  readonly app: string;
  readonly defaultClass: string;
  readonly objects: readonly Fields[];
}

export const POD_KINDS = ["Deployment", "StatefulSet", "CronJob", "Job"];

/** The template of a workload's pods. */
export const templateOf = ({ spec }: Fields): Fields => {
  const { template, jobTemplate } = fieldsOf(spec);
  return isFields(template) ? template : fieldsOf(fieldsOf(fieldsOf(jobTemplate).spec).template);
};

/** @param workload of one of `POD_KINDS` */
export const carriedImage = (workload: Fields, around: ImageSurroundings): Fields => {
  const template = templateOf(workload);
  const metadata = fieldsOf(template.metadata);
  const pod = withTemplates(workload, fieldsOf(template.spec));
  const main = ownContainer(pod, around.app);
  const surroundings = { ...around, metadata };
  const { env, filled } = variablesOf(main, surroundings);
  const volumes = volumesOf(pod, {
    ...around,
    claim: (name) => claims(workload, around.objects).get(name),
  });
  const beside = containersBeside(pod, main, volumes, surroundings);
  const runs = runsOf(workload);
  const ports = runs ? [] : portsOf(pod, main, around.objects);
  const [first, ...further] = ports;
  const { size, resources, known } = sizeFor(main, metadata);
  if (!known) around.note("size: neither a sizing label nor requests and limits say it: s");
  const own = {
    ...(Object.keys(filled).length > 0 && { env: filled }),
    ...(resources && { resources }),
    ...capabilities(main),
    ...probesOf(main, first?.start, around),
  };
  const values = overlay(valuesWith(own, beside.values, volumes.persistence), podOptions(metadata));
  unsaidOf(pod, main, around);
  return {
    image: textOf(main.image),
    port: first?.start ?? "none",
    ...(further.length > 0 && {
      ports: Object.fromEntries(further.map(({ name, ...port }) => [name, portValue(port)])),
    }),
    ...healthOf(main, first?.start),
    ...userOf(pod, main, metadata, volumes.hostPaths),
    size,
    ...deviceOf(main),
    ...commandOf(main),
    ...(Object.keys(env).length > 0 && { env }),
    ...(Object.keys(beside.containers).length > 0 && { containers: beside.containers }),
    ...(runs && { runs }),
    ...replicasOf(workload, around),
    ...(Object.keys(volumes.storage).length > 0 && { storage: volumes.storage }),
    ...(Object.keys(volumes.mounts).length > 0 && { mounts: volumes.mounts }),
    ...(Object.keys(values).length > 0 && { values }),
    ...priorityOf(
      textOf(pod.priorityClassName) || textOf(fieldsOf(metadata.labels)["vixens.io/priority-class"]),
    ),
  };
};

/** The volumes that a StatefulSet makes, among those of its pod. */
const withTemplates = ({ spec }: Fields, pod: Fields): Fields => {
  const templates = listOf(fieldsOf(spec).volumeClaimTemplates).map((each) =>
    textOf(fieldsOf(fieldsOf(each).metadata).name),
  );
  const volumes = templates.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...pod, volumes: [...listOf(pod.volumes), ...volumes] };
};

const claims = ({ spec }: Fields, objects: readonly Fields[]): ReadonlyMap<string, Fields> =>
  new Map(
    [
      ...objects.filter(({ kind }) => kind === "PersistentVolumeClaim"),
      ...listOf(fieldsOf(spec).volumeClaimTemplates).map(fieldsOf),
    ].map((claim) => [textOf(fieldsOf(claim.metadata).name), claim]),
  );

/** `vixens-high` as `high`. */
export const priorityOf = (className: string) => {
  const [, priority] = /^vixens-(critical|high|medium|low)$/.exec(className) ?? [];
  return priority === undefined || priority === "medium" ? {} : { priority };
};

const runsOf = ({ kind, spec }: Fields): Runs | undefined => {
  const { schedule, timeZone } = fieldsOf(spec);
  if (kind === "CronJob") return onSchedule(textOf(schedule), textOf(timeZone) || "Etc/UTC");
  return kind === "Job" ? once() : undefined;
};

const replicasOf = ({ kind, spec }: Fields, { objects, note }: ImageSurroundings) => {
  const { replicas = 1, suspend } = fieldsOf(spec);
  const scaled = objects.some((object) => ["HTTPScaledObject", "ScaledObject"].includes(textOf(object.kind)));
  if (kind === "StatefulSet") note("StatefulSet: here it is a Deployment, whose claims are called otherwise");
  if (suspend === true) return { hibernate: true };
  if (kind === "CronJob" || kind === "Job" || replicas === 1) return {};
  if (replicas !== 0) return { replicas: Number(replicas) };
  return scaled ? {} : { hibernate: true };
};

interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly start: number;
}

const portValue = ({ protocol, start }: Omit<NamedPort, "name">): Port =>
  protocol === "UDP" ? DeclaredPort.udp(start) : DeclaredPort.tcp(start);

/** Ports of the container, the one of the Ingress or else of HTTP first; those of Services alone behind them. */
const portsOf = (pod: Fields, main: Fields, objects: readonly Fields[]): NamedPort[] => {
  const own = [main, ...listOf(pod.containers), ...listOf(pod.initContainers)]
    .flatMap((container) => listOf(fieldsOf(container).ports))
    .map(fieldsOf)
    .map(({ name, containerPort, protocol }) => ({
      name: textOf(name),
      protocol: textOf(protocol) || "TCP",
      start: Number(containerPort),
    }));
  const served = objects
    .filter(({ kind, spec }) => kind === "Service" && isFields(fieldsOf(spec).selector))
    .flatMap(({ spec }) => listOf(fieldsOf(spec).ports).map(fieldsOf))
    .map(({ name, port, targetPort = port, protocol }) => ({
      name: textOf(name),
      protocol: textOf(protocol) || "TCP",
      start: containerPort(main, targetPort) ?? Number(port),
    }));
  const routed = objects
    .filter(({ kind }) => kind === "Ingress")
    .flatMap((ingress) => JSON.stringify(ingress.spec).match(/"number":\d+/g) ?? [])
    .map((text) => Number(text.slice(9)));
  const all = [...own, ...served].filter(({ start }) => Number.isInteger(start) && start > 0);
  const unique = [
    ...new Map(all.toReversed().map((port) => [`${port.protocol} ${port.start}`, port])).values(),
  ].toReversed();
  const isMain = ({ name, start, protocol }: NamedPort) =>
    protocol === "TCP" && (routed.includes(start) || /^(http|web)/.test(name));
  const first = unique.find(isMain) ?? unique.find(({ protocol }) => protocol === "TCP");
  return [...(first ? [first] : []), ...unique.filter((port) => port !== first)].map((port, at) => ({
    ...port,
    name:
      at > 0 && (port.name === "" || port.name === "http" || port.name.length > 15)
        ? `${port.protocol.toLowerCase()}-${port.start}`
        : port.name.toLowerCase(),
  }));
};

const handlerOf = (main: Fields, field: string) => fieldsOf(main[field]);

/** The path that both probes ask for on the app's port. */
const healthOf = (main: Fields, port: number | undefined) => {
  const paths = ["livenessProbe", "readinessProbe"]
    .map((field) => fieldsOf(handlerOf(main, field).httpGet))
    .filter((get) => get.path !== undefined && containerPort(main, get.port) === port)
    .map(({ path }) => textOf(path));
  return paths[0] === undefined ? {} : { health: paths[0] };
};

const KINDS = { livenessProbe: "liveness", readinessProbe: "readiness", startupProbe: "startup" } as const;

/** Probes that are more than a path of the app's port: they stand in the chart's values. */
const probesOf = (main: Fields, port: number | undefined, { note }: ImageSurroundings): Fields => {
  const { health } = { health: undefined as string | undefined, ...healthOf(main, port) };
  const probes = Object.entries(KINDS).flatMap(([field, name]) => {
    const probe = main[field];
    if (!isFields(probe)) {
      if (
        port !== undefined &&
        name !== "startup" &&
        main.livenessProbe === undefined &&
        main.readinessProbe === undefined
      )
        note(`${field}: there is none: here the port is asked`);
      return [];
    }
    const { httpGet, tcpSocket, exec } = probe;
    const asked = containerPort(main, fieldsOf(httpGet ?? tcpSocket).port);
    const isUsual = exec === undefined && asked === port && fieldsOf(httpGet).path === health;
    const timing = Object.fromEntries(
      Object.entries(probe).filter(([key]) => /Seconds$|Threshold$/.test(key)),
    );
    if (isUsual) return Object.keys(timing).length > 0 ? [[name, { spec: timing }] as const] : [];
    if (port !== undefined && (exec !== undefined || (httpGet !== undefined) !== (health !== undefined))) {
      note(
        `${field}: ${JSON.stringify(probe)}: here ${health === undefined ? `port ${port}` : health} is asked`,
      );
      return [];
    }
    const handler =
      httpGet === undefined
        ? tcpSocket === undefined
          ? { exec }
          : { tcpSocket: { port: asked } }
        : { httpGet: { ...fieldsOf(httpGet), port: asked } };
    return [[name, { enabled: true, custom: true, spec: { ...handler, ...timing } }] as const];
  });
  return probes.length > 0 ? { probes: Object.fromEntries(probes) } : {};
};

/** The user, or the privileges that an image needs which starts as root. */
const userOf = (pod: Fields, main: Fields, metadata: Fields, hostPaths: readonly string[]) => {
  const context = { ...fieldsOf(pod.securityContext), ...fieldsOf(main.securityContext) };
  const allowed = fieldsOf(metadata.annotations)["vixens.io/explicitly-allow-root"] === "true";
  const adds = listOf(fieldsOf(context.capabilities).add).length > 0;
  const user = typeof context.runAsUser === "number" ? context.runAsUser : undefined;
  const all = [...listOf(pod.containers), ...listOf(pod.initContainers)].map(fieldsOf);
  const isRoot = all.some(({ securityContext }) => fieldsOf(securityContext).runAsUser === 0);
  const root = user === 0 || isRoot || (user === undefined && (allowed || adds));
  const privileges = {
    ...(context.privileged === true && { privileged: true }),
    ...((root || (adds && user !== undefined)) && { root: true }),
    ...(pod.hostNetwork === true && { hostNetwork: true }),
    ...(hostPaths.length > 0 && { hostPaths }),
  };
  const isPrivileged = Object.keys(privileges).length > 0;
  const shares = listOf(pod.volumes).some((volume) => fieldsOf(volume).nfs !== undefined);
  return {
    ...(user !== undefined && user !== 0 && { runAs: user }),
    ...(isPrivileged && {
      privileges: {
        why: `the GitOps repository runs it so: ${Object.keys(privileges).join(", ")}`,
        ...privileges,
      },
    }),
    ...(!isPrivileged && shares && { podSecurity: "baseline" }),
  };
};

const commandOf = ({ command, args }: Fields) => ({
  ...(listOf(command).length > 0 && { command: listOf(command).map(textOf) }),
  ...(listOf(args).length > 0 && { args: listOf(args).map(textOf) }),
});

const deviceOf = ({ resources }: Fields) => {
  const devices = Object.keys(fieldsOf(fieldsOf(resources).limits)).filter((name) => name.includes("/"));
  return devices.length > 0 ? { devices } : {};
};

/** Annotations of pods, and labels that the homelab's admission reads; those that follow from the app are left out. */
const podOptions = ({ annotations, labels }: Fields): Fields => {
  const kept = (map: unknown, isKept: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(fieldsOf(map)).filter(([key]) => isKept(key)));
  const options = {
    annotations: kept(annotations, (key) => key !== "vixens.io/explicitly-allow-root"),
    labels: kept(labels, (key) => /^vixens\.io\/(?!sizing\.|priority-class)/.test(key)),
  };
  const said = Object.entries(options).filter(([, map]) => Object.keys(map).length > 0);
  return said.length > 0 ? { defaultPodOptions: Object.fromEntries(said) } : {};
};

/** Values of `app-template` for what has no field of an app. */
const valuesWith = (
  own: Fields,
  beside: { readonly containers: Fields; readonly initContainers: Fields },
  persistence: Fields,
): Fields => {
  const containers = { ...(Object.keys(own).length > 0 && { main: own }), ...beside.containers };
  const main = {
    ...(Object.keys(containers).length > 0 && { containers }),
    ...(Object.keys(beside.initContainers).length > 0 && { initContainers: beside.initContainers }),
  };
  return overlay<Fields>(
    Object.keys(main).length > 0 ? { controllers: { main } } : {},
    Object.keys(persistence).length > 0 ? { persistence } : {},
  );
};

const PLACES = [
  "affinity",
  "nodeSelector",
  "topologySpreadConstraints",
  "hostAliases",
  "dnsConfig",
  "serviceAccountName",
  "shareProcessNamespace",
  "terminationGracePeriodSeconds",
  "runtimeClassName",
  "imagePullSecrets",
  "dnsPolicy",
  "hostPID",
  "hostIPC",
];

/** Notes the parts of a pod that have no place here. Tolerations of control planes follow from the environment. */
const unsaidOf = (pod: Fields, main: Fields, { note }: ImageSurroundings): void => {
  for (const field of PLACES.filter((each) => pod[each] !== undefined))
    note(`pod: ${field}: ${JSON.stringify(pod[field])}: not carried over`);
  const tolerated = listOf(pod.tolerations)
    .map(fieldsOf)
    .filter(({ key }) => !/^node-role\.kubernetes\.io\//.test(textOf(key)));
  if (tolerated.length > 0) note(`pod: tolerations: ${JSON.stringify(tolerated)}: not carried over`);
  const { supplementalGroups, sysctls } = fieldsOf(pod.securityContext);
  for (const each of [supplementalGroups, sysctls])
    if (each !== undefined) note(`pod: securityContext: ${JSON.stringify(each)}: not carried over`);
  if (main.lifecycle !== undefined) note(`lifecycle: ${JSON.stringify(main.lifecycle)}: not carried over`);
  if (
    fieldsOf(pod.securityContext).runAsUser === undefined &&
    fieldsOf(main.securityContext).runAsUser === undefined
  )
    note("user: nothing says it there, so the image's own: here it is runAs, by default nobody");
};
