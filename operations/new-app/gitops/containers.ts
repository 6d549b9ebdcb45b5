/** Containers of a pod: the app's own, and those beside it. */
import { initContainer, sidecar } from "../../../lib/app/containers.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { fieldsIn, present, saysNothing } from "./objects.ts";
import { appSizeOf } from "./sizes.ts";
import { type VariableSurroundings, variablesOf } from "./variables.ts";
import { mountsBeside, type Volumes } from "./volumes.ts";

/** The container that the app is about: of its name, or else the first with a port, or the first. */
export const ownContainer = (pod: Fields, app: string): Fields => {
  const all = fieldsIn(pod.containers);
  return (
    all.find(({ name }) => name === app) ?? all.find(({ ports }) => listOf(ports).length > 0) ?? all[0] ?? {}
  );
};

/** @param main the app's own, by whose side the others are */
export const containersBeside = (
  pod: Fields,
  main: Fields,
  volumes: Volumes,
  around: VariableSurroundings,
) => {
  const first = fieldsIn(pod.initContainers).map((each) => one(each, true, volumes, around));
  const beside = fieldsIn(pod.containers)
    .filter((each) => each !== main)
    .map((each) => one(each, false, volumes, around));
  const valuesOf = (all: readonly { readonly name: string; readonly values: Fields }[]) =>
    present(Object.fromEntries(all.map(({ name, values }) => [name, values])));
  return {
    containers: Object.fromEntries([...first, ...beside].map(({ name, container }) => [name, container])),
    values: { containers: valuesOf(beside), initContainers: valuesOf(first) },
  };
};

const one = (container: Fields, isFirst: boolean, volumes: Volumes, around: VariableSurroundings) => {
  const name = textOf(container.name);
  const noteOf = (what: string) => around.note(`container ${name}: ${what}`);
  const { env, filled: byKubernetes } = variablesOf(container, { ...around, note: noteOf });
  const { size, resources } = sizeFor(container, around.metadata);
  const user = fieldsOf(container.securityContext).runAsUser;
  const props = {
    image: textOf(container.image),
    size,
    ...commandOf(container),
    ...present({ env, runAs: typeof user === "number" ? user : undefined }),
    ...mountsBeside(container, volumes),
  };
  const values = { ...present({ env: byKubernetes, resources }), ...capabilities(container) };
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

export const commandOf = ({ command, args }: Fields) =>
  present({ command: listOf(command).map(textOf), args: listOf(args).map(textOf) });

/** The capabilities that a container has more than every other; a privileged one stands in `privileges`. */
export const capabilities = ({ securityContext }: Fields): Fields => {
  const { capabilities: given, readOnlyRootFilesystem } = fieldsOf(securityContext);
  const add = listOf(fieldsOf(given).add);
  const context = {
    ...(add.length > 0 && { capabilities: { drop: ["ALL"], add } }),
    ...(readOnlyRootFilesystem === true && { readOnlyRootFilesystem }),
  };
  return saysNothing(context) ? {} : { securityContext: context };
};

export const sizeFor = (container: Fields, metadata: Fields) =>
  appSizeOf(
    textOf(fieldsOf(metadata.labels)[`vixens.io/sizing.${textOf(container.name)}`]),
    container.resources,
  );

/** Port of a container by its name or number. */
export const containerPort = (container: Fields, port: unknown): number | undefined => {
  const named = fieldsIn(container.ports).find(({ name }) => name === port);
  const number = Number(named?.containerPort ?? port);
  return Number.isInteger(number) ? number : undefined;
};

const healthOf = (container: Fields): { port: number; path?: string } | undefined => {
  const { httpGet, tcpSocket } = fieldsOf(container.livenessProbe ?? container.readinessProbe);
  const port = containerPort(container, fieldsOf(httpGet ?? tcpSocket).port);
  const path = fieldsOf(httpGet).path;
  return port === undefined ? undefined : { port, ...(typeof path === "string" && { path }) };
};
