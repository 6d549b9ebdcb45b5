/** Refuses apps that do not fit an environment, and says what is left there and what would fit. */
import type { ChartSource } from "../../../environments/recorded/chart-request.ts";
import type { Environment } from "../../../environments/schema.ts";
import type { AppEnvironment } from "../../app/app-environment.ts";
import { sizeOf } from "../../app/app-pods.ts";
import { crowdedNamespaces, leftIn, namespaceRooms } from "../../app/crowded-namespaces.ts";
import { namespaceRequests, needsOnce } from "../../app/namespace-requests.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { whatFits } from "../../app/what-fits.ts";
import { assessCapacity } from "./capacity.ts";
import { environmentPods } from "./environment-pods.ts";
import { placementProblems } from "./placement-problems.ts";

/** The apps of an environment, and what decides how much they need there. */
export interface Tenancy {
  readonly environment: Environment;
  /** The environment as apps know it. */
  readonly home: AppEnvironment;
  readonly apps: readonly ResolvedApp[];
  readonly charts: ChartSource;
  /** False where something else is refused of the apps: then sums alone are judged. */
  readonly isSound: boolean;
}

interface Needs {
  readonly needs: ReturnType<typeof needsOnce>;
}

const sums = ({ environment, home, apps, needs }: Tenancy & Needs): string[] => {
  const { nodes, cluster, namespaces } = environment;
  const own = apps.filter(({ ownsNamespace }) => ownsNamespace);
  return [
    ...assessCapacity({
      environment: home.name,
      nodes,
      controlPlane: cluster.controlPlane,
      namespaces: [...namespaces, ...own.map((app) => ({ name: app.namespace, size: sizeOf(app, home) }))],
      requests: namespaceRequests(apps, home, needs),
      // A cluster of one machine has none to lose.
      acceptSingleNode: nodes.length === 1,
    }).problems,
  ];
};

const places = ({ environment, apps, charts }: Tenancy): string[] =>
  placementProblems(environment, environmentPods(environment, apps, charts));

/** True when sums, quotas and places hold; what costs least to know comes first. */
const fits = (tenancy: Tenancy & Needs): boolean =>
  sums(tenancy).length === 0 &&
  crowdedNamespaces(tenancy.apps, tenancy.home).length === 0 &&
  places(tenancy).length === 0;

/** The room left in the quotas, and the sizes that would fit. */
const advice = (tenancy: Tenancy & Needs): string[] => {
  const { apps, home, isSound } = tenancy;
  const left = `left in quotas (limits): ${namespaceRooms(apps, home).map(leftIn).join(", ")}`;
  if (!isSound) return [left];
  const ways = whatFits(apps, home, (other) => fits({ ...tenancy, apps: other }));
  const none = "no other size or namespace of a single app is enough: let apps hibernate, or add a node";
  return [`what would fit: ${ways.join("; ") || none}`, left];
};

/** Problems of capacity, with advice in the one that has the arithmetic. */
export const roomProblems = (props: Tenancy): string[] => {
  const tenancy = { ...props, needs: needsOnce(props.home) };
  const problems = [...sums(tenancy), ...(tenancy.isSound ? places(tenancy) : [])];
  const advised = problems.find((problem) => problem.includes("\n")) ?? problems[0];
  return problems.map((problem) => {
    if (problem !== advised) return problem;
    const [headline = "", ...arithmetic] = problem.split("\n");
    return [headline, ...advice(tenancy), ...arithmetic].join("\n");
  });
};
