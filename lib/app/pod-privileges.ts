/** Holds pods to the privileges that their app declares, where its namespace would let them have more. */
import type { RenderedContainer, RenderedPodTemplate } from "../core/facts/rendered.ts";
import { fieldsOf } from "../core/fields.ts";
import { POD_SECURITY_STANDARDS, type PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import {
  type BaselineCheck,
  beyondBaseline,
  capabilitiesBeyond,
  podSecurityProblems,
} from "../core/kubernetes/pod-security-checks.ts";
import { appPods, type PodEnvironment } from "./app-pods.ts";
import { applicationFacts } from "./application.ts";
import type { Privileges } from "./declaration.ts";
import { devicePaths } from "./devices.ts";
import type { ResolvedApp } from "./resolved-app.ts";

interface Undeclared {
  readonly rule: string;
  readonly value: unknown;
}

type Declared = Partial<Privileges> & { readonly opensDevices: boolean };

const containersOf = ({ spec }: RenderedPodTemplate): RenderedContainer[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];

const isBelow = (path: string, above: string): boolean =>
  path === above || path.startsWith(above.endsWith("/") ? above : `${above}/`);

/** The field of `privileges` that a pod's wish must stand in, with the wish; undefined when it does. */
type Need = (
  template: RenderedPodTemplate,
  declared: Declared,
) => readonly [field: string, wish: unknown] | undefined;

const wish = (field: string, values: readonly unknown[]): ReturnType<Need> =>
  values.length === 0 ? undefined : [field, values];

/** Checks that a field of their own answers; any other is a matter of `privileged`. */
const NEEDS: Partial<Record<BaselineCheck, Need>> = {
  hostNamespaces: ({ spec }, { hostNetwork, privileged }) => {
    if (spec.hostNetwork === true && !hostNetwork) return ["hostNetwork", true];
    return !privileged && (spec.hostPID === true || spec.hostIPC === true)
      ? ["privileged", spec.hostPID ? "hostPID" : "hostIPC"]
      : undefined;
  },
  privileged: (_, { privileged, opensDevices }) =>
    privileged || opensDevices ? undefined : ["privileged", true],
  capabilities: (template, { capabilities = [], privileged }) =>
    privileged
      ? undefined
      : wish(
          "capabilities",
          containersOf(template)
            .flatMap(capabilitiesBeyond)
            .filter((name) => !capabilities.includes(name)),
        ),
  hostPaths: ({ spec }, { hostPaths = [] }) =>
    wish(
      "hostPaths",
      (spec.volumes ?? [])
        .flatMap(({ hostPath }) => hostPath?.path ?? [])
        .filter((path) => !hostPaths.some((above) => isBelow(path, above))),
    ),
  hostPorts: (template, { hostPorts = [], hostNetwork }) =>
    hostNetwork
      ? undefined
      : wish(
          "hostPorts",
          containersOf(template)
            .flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort || []))
            .filter((port) => !hostPorts.includes(port)),
        ),
};

const other: Need = (_, { privileged }) => (privileged ? undefined : ["privileged", true]);

/** Root and ways to it, which the baseline lets pass: a namespace of its own would be `restricted`. */
const rootWishes = ({ spec }: RenderedPodTemplate, { root, privileged }: Declared): Undeclared[] => {
  if (root || privileged) return [];
  const own = containersOf({ metadata: {}, spec }).map(({ name, securityContext }) => ({
    name,
    context: { ...fieldsOf(spec.securityContext), ...fieldsOf(securityContext) },
  }));
  const found = (what: string, isWrong: (context: (typeof own)[number]["context"]) => boolean) =>
    own
      .filter(({ context }) => isWrong(context))
      .map(({ name }) => ({
        rule: "must stand in privileges as root, where it can be seen",
        value: `${what} (${name})`,
      }));
  return [
    ...found("runAsUser: 0", ({ runAsUser }) => runAsUser === 0),
    ...found("allowPrivilegeEscalation: true", (context) => context.allowPrivilegeEscalation === true),
  ];
};

const strictness = (standard: PodSecurityStandard): number => POD_SECURITY_STANDARDS.indexOf(standard);

/**
 * Refuses what a pod may do beyond the baseline standard and its app does not declare, judged after admission; and a pod
 * that does not meet the app's own standard, where the namespace has a looser one.
 */
export const undeclaredPrivileges = (
  template: RenderedPodTemplate,
  { podSecurity, privileges, source }: ResolvedApp,
  enforced: PodSecurityStandard,
): Undeclared[] => {
  if (strictness(podSecurity) > strictness(enforced)) {
    const wrong = podSecurityProblems(podSecurity, template);
    return wrong.length === 0
      ? []
      : [
          {
            rule: `must meet ${podSecurity}, the app's own Pod Security Standard, or be named in privileges`,
            value: wrong.join("; "),
          },
        ];
  }
  if (enforced !== "privileged") return [];
  const opensDevices = source.kind === "image" && devicePaths(privileges).length > 0;
  const declared = { ...privileges, opensDevices };
  return [
    ...[...beyondBaseline(template)].flatMap(([check, text]) => {
      const [field, value] = (NEEDS[check] ?? other)(template, declared) ?? [];
      return field === undefined
        ? []
        : [{ rule: `must stand in privileges as ${field}, where it can be seen: ${text}`, value }];
    }),
    ...rootWishes(template, declared),
  ];
};

/** Devices that an app mounts and none of its containers may open: the kernel lets a privileged one alone. */
export const closedDevices = (app: ResolvedApp, environment: PodEnvironment): string[] => {
  const devices = app.hibernates ? [] : devicePaths(app.privileges);
  if (devices.length === 0 || !applicationFacts(app, environment)?.known) return [];
  const templates = appPods(app, environment, undefined).map(({ template }) => template);
  return devices.filter((device) => !templates.some((template) => opens(template, device)));
};

/** True when a privileged container mounts the device, or a directory around it. */
const opens = (template: RenderedPodTemplate, device: string): boolean => {
  const volumes = (template.spec.volumes ?? [])
    .filter(({ hostPath }) => hostPath && isBelow(device, hostPath.path))
    .map(({ name }) => name);
  return containersOf(template).some(
    ({ securityContext, volumeMounts = [] }) =>
      fieldsOf(securityContext).privileged === true &&
      volumeMounts.some(({ name }) => volumes.includes(name)),
  );
};
