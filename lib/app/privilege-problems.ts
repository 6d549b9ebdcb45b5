/** Problems of privileges: an app may do to its node what it declares, where somebody accepted the risk. */

import { fieldsOf } from "../core/fields.ts";
import { POD_SECURITY_STANDARDS, type PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import type { AppEnvironment } from "./app-environment.ts";
import { applicationFacts } from "./application.ts";
import type { HelmValue, Privileges } from "./declaration.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const PREFIX = "privileged-";

/** The id of the accepted risk that lets an app be privileged. */
const privilegeRisk = (app: string): string => `${PREFIX}${app}`;

/** The app that an accepted risk is about; undefined for other risks. */
export const privilegedApp = (risk: string): string | undefined =>
  risk.startsWith(PREFIX) ? risk.slice(PREFIX.length) : undefined;

export const isPrivileged = ({ privileges, podSecurity }: ResolvedApp): boolean =>
  privileges !== undefined || podSecurity === "privileged";

export const privilegeProblems = (app: ResolvedApp, environment: AppEnvironment, line: Line): string[] => {
  const risk = privilegeRisk(app.name);
  const accepted = environment.acceptedRisks.includes(risk);
  const { privileges, podSecurity, source } = app;
  const shared = environment.namespaces.find(({ name }) => name === app.namespace);
  const isLooser = (one: PodSecurityStandard, other: PodSecurityStandard) =>
    POD_SECURITY_STANDARDS.indexOf(one) < POD_SECURITY_STANDARDS.indexOf(other);
  return [
    ...(isPrivileged(app) && !accepted
      ? [
          line(
            "privileges",
            `must have the accepted risk ${risk} in ${environment.name}`,
            privileges ?? podSecurity,
          ),
        ]
      : []),
    ...(privileges && podSecurity !== "privileged"
      ? [line("podSecurity", "must be privileged: the app has privileges", podSecurity)]
      : []),
    ...(privileges && privileges.why.trim().length < 10
      ? [line("privileges.why", "must say why the app cannot do without", privileges.why)]
      : []),
    ...(shared && isLooser(podSecurity, shared.podSecurity)
      ? [
          line(
            "namespace",
            `must let its pods in: ${shared.name} enforces ${shared.podSecurity}`,
            podSecurity,
          ),
        ]
      : []),
    ...(source.kind === "image" && source.props.runAs === 0 && !privileges?.root
      ? [line("runAs", "must not be 0 without the privilege root", 0)]
      : []),
    ...(source.kind === "image" && privileges?.capabilities && !privileges.root
      ? [
          line(
            "privileges.capabilities",
            "must stand beside root: no other user has them",
            privileges.capabilities,
          ),
        ]
      : []),
    ...(privileges?.hostPaths ?? [])
      .filter((path) => !/^\/[^/]/.test(path))
      .map((path) => line("privileges.hostPaths", "must be absolute, and not the whole node", path)),
    // What becomes of a chart is judged in its pods, where it is known.
    ...(applicationFacts(app, environment)?.known ? [] : hidden(app.values, ""))
      .filter(([, what]) => privileges?.[what] === undefined)
      .map(([path, what]) => line(path, `must stand in privileges as ${what}, where it can be seen`, true)),
  ];
};

type Privilege = Exclude<keyof Privileges, "why" | "node">;

/** Fields of a pod that ask for a privilege, with the values that do not. */
const KEYS: Readonly<Record<string, readonly [Privilege, ...unknown[]]>> = {
  privileged: ["privileged", false],
  hostPID: ["privileged", false],
  hostIPC: ["privileged", false],
  hostProcess: ["privileged", false],
  procMount: ["privileged", "", "Default"],
  hostNetwork: ["hostNetwork", false],
  hostPort: ["hostPorts", 0, ""],
  hostPath: ["hostPaths", "", false],
  runAsUser: ["root"],
  allowPrivilegeEscalation: ["root", false],
};

/** True for the values of a field that ask for nothing. */
const asksNothing = (key: string, item: HelmValue, harmless: readonly unknown[]): boolean =>
  item === null || harmless.includes(item) || (key === "runAsUser" && item !== 0);

/** Privileges that values ask for, with their paths. */
const hidden = (value: HelmValue, path: string): (readonly [string, Privilege])[] => {
  if (Array.isArray(value)) return value.flatMap((item, at) => hidden(item, `${path}[${at}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const place = path ? `${path}.${key}` : key;
    const [own, ...harmless] = KEYS[key] ?? [];
    if (own !== undefined && !asksNothing(key, item, harmless)) return [[place, own] as const];
    if (key === "sysctls" && Array.isArray(item) && item.length > 0) return [[place, "privileged"] as const];
    if (key === "type" && item === "Unconfined") return [[place, "privileged"] as const];
    const added = key === "capabilities" ? fieldsOf(item).add : undefined;
    if (Array.isArray(added) && added.length > 0) return [[`${place}.add`, "capabilities"] as const];
    return key === "type" && item === "hostPath" ? [[place, "hostPaths"] as const] : hidden(item, place);
  });
};
