/** One workload with a pod of its own, as an image with what runs beside it. */

import { DeclaredPort } from "../../../lib/app/declared-port.ts";
import { once, onSchedule, type Runs } from "../../../lib/app/runs.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";
import type { Port } from "../../../lib/network/port.ts";
import {
  capabilities,
  commandOf,
  containerPort,
  containersBeside,
  ownContainer,
  sizeFor,
} from "./containers.ts";
import { allContainers, fieldsIn, nameIn, ofKind, present, saysNothing, unique } from "./objects.ts";
import { type VariableSurroundings, variablesOf } from "./variables.ts";
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
  const { env, filled: byKubernetes } = variablesOf(main, surroundings);
  const claims = [
    ...ofKind(around.objects, "PersistentVolumeClaim"),
    ...fieldsIn(fieldsOf(workload.spec).volumeClaimTemplates),
  ];
  const claim = (name: string) => claims.findLast((each) => nameIn(each) === name);
  const volumes = volumesOf(pod, { ...around, claim });
  const beside = containersBeside(pod, main, volumes, surroundings);
  const runs = runsOf(workload);
  const [first, ...further] = runs ? [] : portsOf(pod, main, around.objects);
  const { size, resources, known } = sizeFor(main, metadata);
  if (!known) around.note("size: neither a sizing label nor requests and limits say it: s");
  const devices = Object.keys(fieldsOf(fieldsOf(main.resources).limits));
  const probes = probesOf(main, first?.start, around);
  const own = { ...present({ env: byKubernetes, resources }), ...capabilities(main), ...probes };
  const controller = present({
    containers: { ...present({ main: own }), ...beside.values.containers },
    initContainers: beside.values.initContainers,
  });
  const values = present({
    controllers: present({ main: controller }),
    persistence: volumes.persistence,
    defaultPodOptions: podOptions(metadata),
  });
  unsaidOf(pod, main, around);
  return {
    image: textOf(main.image),
    port: first?.start ?? "none",
    ...present({ ports: Object.fromEntries(further.map((each) => [each.name, portValue(each)])) }),
    ...healthOf(main, first?.start),
    ...userOf(pod, main, metadata, volumes.hostPaths),
    size,
    ...present({ devices: devices.filter((each) => each.includes("/")) }),
    ...commandOf(main),
    ...present({ env, containers: beside.containers, runs }),
    ...replicasOf(workload, around),
    ...present({ storage: volumes.storage, mounts: volumes.mounts, values }),
    ...priorityOf(
      textOf(pod.priorityClassName) || textOf(fieldsOf(metadata.labels)["vixens.io/priority-class"]),
    ),
  };
};

/** The volumes that a StatefulSet makes, among those of its pod. */
const withTemplates = ({ spec }: Fields, pod: Fields): Fields => {
  const templates = fieldsIn(fieldsOf(spec).volumeClaimTemplates).map(nameIn);
  const volumes = templates.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  return { ...pod, volumes: [...listOf(pod.volumes), ...volumes] };
};

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
  const scaled = ofKind(objects, "HTTPScaledObject", "ScaledObject").length > 0;
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

const portValue = ({ protocol, start }: NamedPort): Port =>
  protocol === "UDP" ? DeclaredPort.udp(start) : DeclaredPort.tcp(start);

/** Ports of the container, the one of the Ingress or else of HTTP first; those of Services alone behind them. */
const portsOf = (pod: Fields, main: Fields, objects: readonly Fields[]): NamedPort[] => {
  const named = ({ name, protocol }: Fields, start: number) => ({
    name: textOf(name),
    protocol: textOf(protocol) || "TCP",
    start,
  });
  const own = [main, ...allContainers(pod)]
    .flatMap((container) => fieldsIn(container.ports))
    .map((port) => named(port, Number(port.containerPort)));
  const served = ofKind(objects, "Service")
    .filter(({ spec }) => isFields(fieldsOf(spec).selector))
    .flatMap(({ spec }) => fieldsIn(fieldsOf(spec).ports))
    .map((each) => named(each, containerPort(main, each.targetPort ?? each.port) ?? Number(each.port)));
  const routed = ofKind(objects, "Ingress")
    .flatMap((ingress) => JSON.stringify(ingress.spec).match(/"number":\d+/g) ?? [])
    .map((text) => Number(text.slice(9)));
  const all = [...own, ...served].filter(({ start }) => Number.isInteger(start) && start > 0);
  const ports = unique(all.toReversed(), ({ protocol, start }) => `${protocol} ${start}`).toReversed();
  const isMain = ({ name, start, protocol }: NamedPort) =>
    protocol === "TCP" && (routed.includes(start) || /^(http|web)/.test(name));
  const first = ports.find(isMain) ?? ports.find(({ protocol }) => protocol === "TCP");
  return [...(first ? [first] : []), ...ports.filter((port) => port !== first)].map((port, at) => ({
    ...port,
    name:
      at > 0 && (port.name === "" || port.name === "http" || port.name.length > 15)
        ? `${port.protocol.toLowerCase()}-${port.start}`
        : port.name.toLowerCase(),
  }));
};

/** The path that both probes ask for on the app's port. */
const healthOf = (main: Fields, port: number | undefined): { readonly health?: string } => {
  const get = [main.livenessProbe, main.readinessProbe]
    .map((probe) => fieldsOf(fieldsOf(probe).httpGet))
    .find((each) => each.path !== undefined && containerPort(main, each.port) === port);
  return get === undefined ? {} : { health: textOf(get.path) };
};

const KINDS = { livenessProbe: "liveness", readinessProbe: "readiness", startupProbe: "startup" } as const;

/** Probes that are more than a path of the app's port: they stand in the chart's values. */
const probesOf = (main: Fields, port: number | undefined, { note }: ImageSurroundings): Fields => {
  const { health } = healthOf(main, port);
  const hasNone = main.livenessProbe === undefined && main.readinessProbe === undefined;
  const probes = Object.entries(KINDS).flatMap(([field, name]) => {
    const probe = main[field];
    if (!isFields(probe)) {
      if (port !== undefined && name !== "startup" && hasNone)
        note(`${field}: there is none: here the port is asked`);
      return [];
    }
    const { httpGet, tcpSocket, exec } = probe;
    const asked = containerPort(main, fieldsOf(httpGet ?? tcpSocket).port);
    const isUsual = exec === undefined && asked === port && fieldsOf(httpGet).path === health;
    const timing = Object.fromEntries(
      Object.entries(probe).filter(([key]) => /Seconds$|Threshold$/.test(key)),
    );
    if (isUsual) return saysNothing(timing) ? [] : [[name, { spec: timing }] as const];
    if (port !== undefined && (exec !== undefined || (httpGet !== undefined) !== (health !== undefined))) {
      note(`${field}: ${JSON.stringify(probe)}: here ${health ?? `port ${port}`} is asked`);
      return [];
    }
    const other = tcpSocket === undefined ? { exec } : { tcpSocket: { port: asked } };
    const handler = httpGet === undefined ? other : { httpGet: { ...fieldsOf(httpGet), port: asked } };
    return [[name, { enabled: true, custom: true, spec: { ...handler, ...timing } }] as const];
  });
  return present({ probes: Object.fromEntries(probes) });
};

/** The user, or the privileges that an image needs which starts as root. */
const userOf = (pod: Fields, main: Fields, metadata: Fields, hostPaths: readonly string[]) => {
  const context = { ...fieldsOf(pod.securityContext), ...fieldsOf(main.securityContext) };
  const allowed = fieldsOf(metadata.annotations)["vixens.io/explicitly-allow-root"] === "true";
  const adds = listOf(fieldsOf(context.capabilities).add).length > 0;
  const user = typeof context.runAsUser === "number" ? context.runAsUser : undefined;
  const isRoot = allContainers(pod).some(({ securityContext }) => fieldsOf(securityContext).runAsUser === 0);
  const root = user === 0 || isRoot || (user === undefined && (allowed || adds));
  const privileges = {
    ...(context.privileged === true && { privileged: true }),
    ...((root || (adds && user !== undefined)) && { root: true }),
    ...(pod.hostNetwork === true && { hostNetwork: true }),
    ...(hostPaths.length > 0 && { hostPaths }),
  };
  const shares = fieldsIn(pod.volumes).some(({ nfs }) => nfs !== undefined);
  const why = `the GitOps repository runs it so: ${Object.keys(privileges).join(", ")}`;
  return {
    ...(user !== undefined && user !== 0 && { runAs: user }),
    ...(saysNothing(privileges)
      ? shares && { podSecurity: "baseline" }
      : { privileges: { why, ...privileges } }),
  };
};

/** Annotations of pods, and labels that the homelab's admission reads; those that follow from the app are left out. */
const podOptions = ({ annotations, labels }: Fields): Fields => {
  const kept = (map: unknown, isKept: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(fieldsOf(map)).filter(([key]) => isKept(key)));
  return present({
    annotations: kept(annotations, (key) => key !== "vixens.io/explicitly-allow-root"),
    labels: kept(labels, (key) => /^vixens\.io\/(?!sizing\.|priority-class)/.test(key)),
  });
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
  const tolerated = fieldsIn(pod.tolerations).filter(
    ({ key }) => !/^node-role\.kubernetes\.io\//.test(textOf(key)),
  );
  if (tolerated.length > 0) note(`pod: tolerations: ${JSON.stringify(tolerated)}: not carried over`);
  const { supplementalGroups, sysctls } = fieldsOf(pod.securityContext);
  for (const each of [supplementalGroups, sysctls])
    if (each !== undefined) note(`pod: securityContext: ${JSON.stringify(each)}: not carried over`);
  if (main.lifecycle !== undefined) note(`lifecycle: ${JSON.stringify(main.lifecycle)}: not carried over`);
  const contexts = [pod.securityContext, main.securityContext].map(fieldsOf);
  if (contexts.every(({ runAsUser }) => runAsUser === undefined))
    note("user: nothing says it there, so the image's own: here it is runAs, by default nobody");
};
