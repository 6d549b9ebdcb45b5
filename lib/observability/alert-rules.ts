import type { Backup } from "../../environments/absent.ts";
import { type Names, USUAL_NAMES } from "../core/platform/names.ts";
import { metricSources, metricsMissing, unknownMetrics } from "./absence.ts";
import { type Alert, type AlertGroup, alertProblems, runbookLink } from "./alert.ts";
import { capacityAlerts } from "./alerts/capacity.ts";
import { certificateAlerts } from "./alerts/certificates.ts";
import { etcdAlerts } from "./alerts/etcd.ts";
import { etcdBackupAlerts } from "./alerts/etcd-backup.ts";
import { gitopsAlerts } from "./alerts/gitops.ts";
import { monitoringAlerts } from "./alerts/monitoring.ts";
import { networkAlerts } from "./alerts/network.ts";
import { nodeAlerts } from "./alerts/nodes.ts";
import { volumeBackupAlerts } from "./alerts/volume-backup.ts";
import type { MetricSource } from "./metric-sources.ts";
import { VmObject } from "./vm-objects.ts";

/** The groups of alerts: those that call first, then those that tell that one of them could not. */
export const alertGroups = (manager: string = USUAL_NAMES.manager): AlertGroup[] => [
  etcdAlerts,
  nodeAlerts,
  capacityAlerts,
  certificateAlerts,
  networkAlerts,
  gitopsAlerts,
  volumeBackupAlerts(manager),
  monitoringAlerts,
];

/** The alerts of an environment: those of all, and those that its own schedules decide. */
export const alertGroupsOf = ({
  backup,
  names,
}: {
  readonly backup: Pick<Backup, "tiers"> | null;
  readonly names: Names;
}): AlertGroup[] => [
  ...alertGroups(names.manager),
  ...(backup === null ? [] : [etcdBackupAlerts(backup.tiers)]),
];

/** The groups without alerts on sources that are not there: they could only be missed. */
export const groupsFor = (groups: readonly AlertGroup[], sources: readonly MetricSource[]): AlertGroup[] =>
  groups
    .map(({ name, alerts }) => ({
      name,
      alerts: alerts.filter(({ expression }) =>
        metricSources([expression]).every((each) => sources.includes(each)),
      ),
    }))
    .filter(({ alerts }) => alerts.length > 0);

/** The interval at which rules are evaluated: samples come every 30 seconds. */
const INTERVAL = "1m";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: Record<string, string>;
  readonly annotations: Record<string, string>;
}

/** An alert as both Prometheus and vmalert read it. */
export const ruleOf = (alert: Alert): Rule => ({
  alert: alert.name,
  expr: alert.expression,
  for: alert.for,
  labels: { severity: alert.severity, ...alert.labels },
  annotations: { summary: alert.summary, description: alert.description, runbook: runbookLink(alert) },
});

/** The groups with the one that watches their metrics. */
export const withAbsence = (groups: readonly AlertGroup[]): AlertGroup[] => [
  ...groups,
  metricsMissing(groups),
];

/**
 * The groups as objects of VictoriaMetrics' operator, one each.
 *
 * Refused, all at once: an alert that cannot be evaluated, that asks for a metric which nothing has, whose texts name
 * labels that it lacks, or that has the name of another one.
 */
export const alertRules = (groups: readonly AlertGroup[], namespace: string): VmObject<"VMRule">[] => {
  const problems = groupProblems(groups);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return withAbsence(groups).map(
    ({ name, alerts }) =>
      new VmObject(
        "VMRule",
        { name: `alerts-${name}`, namespace },
        { groups: [{ name, interval: INTERVAL, rules: alerts.map(ruleOf) }] },
      ),
  );
};

/** Lists the problems of the groups, a line each. */
export const groupProblems = (groups: readonly AlertGroup[]): string[] => {
  const alerts = groups.flatMap((group) => group.alerts);
  const twice = (names: readonly string[]) => [
    ...new Set(names.filter((name, at) => names.indexOf(name) !== at)),
  ];
  return [
    ...alerts.flatMap((alert) => [
      ...alertProblems(alert),
      ...unknownMetrics(`alert ${alert.name}: expression`, alert.expression),
    ]),
    ...groups
      .filter((group) => group.alerts.length === 0)
      .map(({ name }) => `alerts: group ${name}: must have an alert: got []`),
    ...twice(alerts.map(({ name }) => name)).map((name) => `alerts: names must be unique: got ${name} twice`),
    ...twice(groups.map(({ name }) => name)).map(
      (name) => `alerts: groups must be unique: got ${name} twice`,
    ),
  ];
};
