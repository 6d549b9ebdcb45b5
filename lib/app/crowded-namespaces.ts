/** Namespaces that apps share, and the room in their quotas. */
import { Quantity } from "../core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../governance/sizes.ts";
import type { PodEnvironment } from "./app-pods.ts";
import { needIn } from "./app-pods.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { APP_SIZES, type AppSize, type NamespaceNeed } from "./sizes.ts";
import type { ValuesEnvironment } from "./values-environment.ts";
import { whatFits } from "./what-fits.ts";

export type SharedNamespaces = PodEnvironment & Pick<ValuesEnvironment, "name" | "namespaces">;

interface Amount {
  readonly resource: string;
  readonly needed: Quantity;
  readonly limit: Quantity;
}

/** A namespace that apps share, with what they need and what its quota allows. */
export interface NamespaceRoom {
  readonly name: string;
  readonly size: NamespaceSize;
  readonly needs: readonly { readonly app: ResolvedApp; readonly need: NamespaceNeed }[];
  readonly amounts: readonly Amount[];
}

const count = (numbers: readonly number[]): Quantity =>
  Quantity.parse(String(numbers.reduce((sum, each) => sum + each, 0)));

/** The room of every namespace that apps may share. What they may request follows them: see `namespaceRequests`. */
export const namespaceRooms = (
  apps: readonly ResolvedApp[],
  environment: SharedNamespaces,
): NamespaceRoom[] =>
  environment.namespaces.map(({ name, size }) => {
    const { quota } = NAMESPACE_SIZES[size];
    const needs = apps
      .filter(({ namespace }) => namespace === name)
      .map((app) => ({ app, need: needIn(app, environment, size) }));
    const amount = (resource: string, needed: Quantity, limit: string): Amount => ({
      resource,
      needed,
      limit: Quantity.parse(limit),
    });
    return {
      name,
      size,
      needs,
      amounts: [
        amount("limits.cpu", Quantity.sum(needs.map(({ need }) => need.limits.cpu)), quota.limits.cpu),
        amount(
          "limits.memory",
          Quantity.sum(needs.map(({ need }) => need.limits.memory)),
          quota.limits.memory,
        ),
        amount("requests.storage", Quantity.sum(needs.map(({ need }) => need.storage)), quota.storage),
        amount("pods", count(needs.map(({ need }) => need.pods)), String(quota.pods)),
        amount(
          "persistentvolumeclaims",
          count(needs.map(({ need }) => need.claims)),
          String(quota.persistentVolumeClaims),
        ),
      ],
    };
  });

/** The room left, e.g. `tools 5500m cpu and 3Gi memory`. */
export const leftIn = ({ name, amounts }: NamespaceRoom): string => {
  const left = (resource: string) => {
    const found = amounts.find((each) => each.resource === resource);
    return found && !found.needed.isMoreThan(found.limit) ? found.limit.minus(found.needed) : Quantity.ZERO;
  };
  return `${name} ${left("limits.cpu")} cpu and ${left("limits.memory")} memory`;
};

const isOver = ({ needed, limit }: Amount): boolean => needed.isMoreThan(limit);

/** Shared namespaces whose apps ask for more than the quota, each with the environment and what would fit there. */
export const crowdedNamespaces = (apps: readonly ResolvedApp[], environment: SharedNamespaces): string[] => {
  const rooms = namespaceRooms(apps, environment);
  return rooms.flatMap(({ name, size, needs, amounts }) => {
    const { max } = NAMESPACE_SIZES[size].container;
    const inside = needs.map(({ app }) => app);
    return [
      ...amounts
        .filter(isOver)
        .map(
          ({ resource, needed, limit }) =>
            `namespaces.${name}.size: must hold its apps in ${environment.name} (${inside.map((app) => app.name).join(", ")}): ${resource}: they need ${needed}, and the quota is ${limit}${advice(inside, apps, environment)}: got ${JSON.stringify(size)}`,
        ),
      ...needs
        .filter(({ need: { largest } }) => !isWithin(largest, max))
        .map(({ app }) =>
          lineOf(app.name)(
            "size",
            `must fit the namespace ${name} of ${environment.name}, whose containers may have ${max.cpu} cpu and ${max.memory} memory: ${sizesWithin(max)}`,
            app.size,
          ),
        ),
    ];
  });
};

/** Nothing when no single app in another size or namespace would be enough. */
const advice = (
  inside: readonly ResolvedApp[],
  all: readonly ResolvedApp[],
  environment: SharedNamespaces,
): string => {
  const others = all.filter((app) => !inside.includes(app));
  const ways = whatFits(inside, environment, (some) =>
    namespaceRooms([...others, ...some], environment).every(
      ({ size, needs, amounts }) =>
        !amounts.some(isOver) &&
        needs.every(({ need }) => isWithin(need.largest, NAMESPACE_SIZES[size].container.max)),
    ),
  );
  return ways.length === 0 ? "" : `; what would fit: ${ways.join("; ")}`;
};

const isWithin = (
  amounts: NamespaceNeed["largest"],
  max: { readonly cpu: string; readonly memory: string },
): boolean =>
  !amounts.memory.isMoreThan(Quantity.parse(max.memory)) && !amounts.cpu.isMoreThan(Quantity.parse(max.cpu));

const sizesWithin = (max: { readonly cpu: string; readonly memory: string }): string => {
  const fitting = (Object.keys(APP_SIZES) as AppSize[]).filter((size) => {
    const { cpu, memory } = APP_SIZES[size].limits;
    return isWithin({ cpu: Quantity.parse(cpu), memory: Quantity.parse(memory) }, max);
  });
  return fitting.length === 0 ? "no size fits" : `${fitting.join(", ")} fit`;
};
