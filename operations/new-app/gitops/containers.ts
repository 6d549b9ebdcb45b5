/** Containers of a pod: the app's own, and those beside it. */
import { type Container, initContainer, sidecar } from "../../../lib/app/containers.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { appSizeOf } from "./sizes.ts";
import { type VariableSurroundings, variablesOf } from "./variables.ts";
import { mountsBeside, type Volumes } from "./volumes.ts";

/** The container that the app is about: of its name, or else the first with a port, or the first. */
export const ownContainer = (pod: Fields, app: string): Fields => {
  const all = listOf(pod.containers).map(fieldsOf);
  return (
    all.find(({ name }) => name === app) ?? all.find(({ ports }) => listOf(ports).length > 0) ?? all[0] ?? {}
  );
};

export interface Carried {
  readonly containers: Readonly<Record<string, Container>>;
  /** The chart's values for them, by `containers` and `initContainers`. */
  readonly values: { readonly containers: Fields; readonly initContainers: Fields };
}

/** @param main the app's own, by whose side the others are */
export const containersBeside = (
  pod: Fields,
  main: Fields,
  volumes: Volumes,
  around: VariableSurroundings,
): Carried => {
  const first = listOf(pod.initContainers).map(fieldsOf);
  const beside = listOf(pod.containers)
    .map(fieldsOf)
    .filter((each) => each !== main);
  const all = [
    ...first.map((each) => [each, "initContainers"] as const),
    ...beside.map((each) => [each, "containers"] as const),
  ];
  const carried = all.map(([container, field]) => ({
    field,
    ...one(container, field === "initContainers", volumes, around),
  }));
  const valuesOf = (field: string) =>
    Object.fromEntries(
      carried
        .filter((each) => each.field === field && Object.keys(each.values).length > 0)
        .map(({ name, values }) => [name, values]),
    );
  return {
    containers: Object.fromEntries(carried.map(({ name, container }) => [name, container])),
    values: { containers: valuesOf("containers"), initContainers: valuesOf("initContainers") },
  };
};

const one = (container: Fields, isFirst: boolean, volumes: Volumes, around: VariableSurroundings) => {
  const name = textOf(container.name);
  const noteOf = (what: string) => around.note(`container ${name}: ${what}`);
  const { env, filled } = variablesOf(container, { ...around, note: noteOf });
  const { size, resources } = sizeFor(container, around.metadata);
  const user = fieldsOf(container.securityContext).runAsUser;
  const props = {
    image: textOf(container.image),
    size,
    ...(listOf(container.command).length > 0 && { command: listOf(container.command).map(textOf) }),
    ...(listOf(container.args).length > 0 && { args: listOf(container.args).map(textOf) }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(typeof user === "number" && { runAs: user }),
    ...mountsBeside(container, volumes),
  };
  const values = {
    ...(Object.keys(filled).length > 0 && { env: filled }),
    ...(resources && { resources }),
    ...capabilities(container),
  };
  const staysUp = !isFirst || container.restartPolicy === "Always";
  const health = healthOf(container);
  const { lifecycle, livenessProbe, readinessProbe } = container;
  if (lifecycle !== undefined) noteOf(`lifecycle: ${JSON.stringify(lifecycle)}: not carried over`);
  if (!health && (livenessProbe ?? readinessProbe) !== undefined)
    noteOf(`probe: ${JSON.stringify(livenessProbe ?? readinessProbe)}: not carried over`);
  return {
    name,
    values,
    container: staysUp
      ? sidecar({ ...props, ...(health && { health }), ...(isFirst && { startsFirst: true }) })
      : initContainer(props),
  };
};

/** The capabilities that a container has more than every other; a privileged one stands in `privileges`. */
export const capabilities = ({ securityContext }: Fields): Fields => {
  const { capabilities: given, readOnlyRootFilesystem } = fieldsOf(securityContext);
  const add = listOf(fieldsOf(given).add);
  const context = {
    ...(add.length > 0 && { capabilities: { drop: ["ALL"], add } }),
    ...(readOnlyRootFilesystem === true && { readOnlyRootFilesystem }),
  };
  return Object.keys(context).length > 0 ? { securityContext: context } : {};
};

export const sizeFor = (container: Fields, metadata: Fields) =>
  appSizeOf(
    textOf(fieldsOf(metadata.labels)[`vixens.io/sizing.${textOf(container.name)}`]),
    container.resources,
  );

/** Port of a container by its name or number. */
export const containerPort = (container: Fields, port: unknown): number | undefined => {
  const named = listOf(container.ports)
    .map(fieldsOf)
    .find(({ name }) => name === port);
  const number = Number(named?.containerPort ?? port);
  return Number.isInteger(number) ? number : undefined;
};

const healthOf = (container: Fields): { port: number; path?: string } | undefined => {
  const { httpGet, tcpSocket } = fieldsOf(container.livenessProbe ?? container.readinessProbe);
  const port = containerPort(container, fieldsOf(httpGet ?? tcpSocket).port);
  const path = fieldsOf(httpGet).path;
  return port === undefined ? undefined : { port, ...(typeof path === "string" && { path }) };
};
