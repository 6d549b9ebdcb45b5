/** Further containers and variables of an image, as `app-template` takes them. */
import type { Container } from "./containers.ts";
import type { HelmValue, HelmValues } from "./helm-value.ts";
import { parseImage } from "./image.ts";
import { probesOf } from "./probes.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { secretNames } from "./secrets.ts";
import { APP_SIZES } from "./sizes.ts";
import type { Variable } from "./variables.ts";

/** Texts as they are, and references to the app's Secrets. */
export const variableValues = (
  app: Pick<ResolvedApp, "name" | "secrets">,
  env: Readonly<Record<string, Variable>>,
): Record<string, HelmValue> => {
  const names = secretNames(app);
  return Object.fromEntries(
    Object.entries(env).map(([name, variable]) => {
      if (typeof variable === "string") return [name, variable];
      const at = variable.path === undefined ? 0 : app.secrets.indexOf(variable.path);
      return [name, { valueFrom: { secretKeyRef: { name: names[at] ?? "", key: variable.key } } }];
    }),
  );
};

/** True when it stands among the init containers of the pod. */
const startsFirst = (container: Container): boolean =>
  container.kind === "init" || container.startsFirst === true;

/** `containers` and `initContainers` of the controller, the init containers in their order. */
export const containerValues = (app: ResolvedApp): HelmValues => {
  const all = Object.entries(app.containers);
  const first = all.filter(([, each]) => startsFirst(each));
  const ordered = first.map(([name, each], at): [string, HelmValues] => {
    const before = first[at - 1]?.[0];
    return [name, { ...valuesOf(app, each), ...(before !== undefined && { dependsOn: before }) }];
  });
  const beside = all.filter(([, each]) => !startsFirst(each));
  return {
    ...(beside.length > 0 && {
      containers: Object.fromEntries(beside.map(([name, each]) => [name, valuesOf(app, each)])),
    }),
    ...(ordered.length > 0 && { initContainers: Object.fromEntries(ordered) }),
  };
};

/** The security context of a container that keeps only some capabilities. */
export const restrained = (capabilities: readonly string[] = []): HelmValues => ({
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"], ...(capabilities.length > 0 && { add: [...capabilities] }) },
});

const valuesOf = (app: ResolvedApp, container: Container): HelmValues => {
  const { image, size, command, args, env, runAs } = container;
  const health = container.kind === "sidecar" ? container.health : undefined;
  return {
    image: { ...(parseImage(image) ?? { repository: image, tag: "" }) },
    ...(command && { command: [...command] }),
    ...(args && { args: [...args] }),
    ...(env && { env: variableValues(app, env) }),
    ...(container.kind === "sidecar" && container.startsFirst && { restartPolicy: "Always" }),
    resources: { ...APP_SIZES[size] },
    ...(health && { probes: probesOf(health.port, health.path) }),
    securityContext: {
      ...restrained(runAs === 0 ? app.privileges?.capabilities : []),
      ...(runAs !== undefined && { runAsUser: runAs, runAsGroup: runAs }),
      ...(runAs === 0 && { runAsNonRoot: false }),
    },
  };
};
