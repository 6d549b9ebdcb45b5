import type { Environment } from "../../environments/schema.ts";
import { withoutTemplates } from "../core/helm/values.ts";
import { alertGroupsOf, alertRules, groupsFor } from "./alert-rules.ts";
import { dashboardConfigMaps } from "./dashboards/dashboard.ts";
import { DASHBOARDS } from "./dashboards/dashboards.ts";
import { METRIC_SOURCES, type MetricSource, type MetricSourceName } from "./metric-sources.ts";
import { scrapes } from "./scrapes.ts";

/** Values that a chart takes as they are, in its list of further objects. */
type Values = readonly { readonly [key: string]: never }[];

/** Objects as values of a chart which renders them as templates. */
const asValues = (objects: readonly object[]): Values =>
  withoutTemplates(JSON.parse(JSON.stringify(objects))) as Values;

/** The sources that an environment has: all but those that nobody installs there. */
const sourcesIn = (missing: readonly MetricSourceName[]): MetricSource[] =>
  Object.values(METRIC_SOURCES).filter(({ name }) => !missing.some((each) => each === name));

/**
 * Rules and scrapes of an environment, to be shipped with the stack that reads them: so that they come after the CRDs of
 * its chart, and go with it.
 * @param missing sources that the environment does not have
 */
export const rulesAndScrapes = (
  { nodes, backup, names }: Pick<Environment, "nodes" | "backup" | "names">,
  namespace: string,
  missing: readonly MetricSourceName[] = [],
): Values => {
  const sources = sourcesIn(missing);
  const controlPlanes = nodes
    .filter(({ role }) => role === "controlplane")
    .map(({ address }) => address.toString());
  return asValues([
    ...alertRules(groupsFor(alertGroupsOf({ backup, names }), sources), namespace),
    ...scrapes({ namespace, controlPlanes, sources }),
  ]);
};

/** The dashboards, to be shipped with Grafana. */
export const dashboards = ({ names }: Pick<Environment, "names">, namespace: string): Values =>
  asValues(dashboardConfigMaps(DASHBOARDS, namespace, names.prefix));
