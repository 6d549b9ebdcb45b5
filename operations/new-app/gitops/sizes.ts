/** Sizes of containers, as the homelab's admission gives them. */
import { admissionFacts } from "../../../environments/recorded/admission.ts";
import { APP_SIZES, type AppSize, type PodResources } from "../../../lib/app/sizes.ts";
import { type Fields, fieldsOf } from "../../../lib/core/fields.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";

const SIZES = Object.keys(APP_SIZES) as AppSize[];

/** Requests and limits of a container: those of its sizing label, or else what it states, without devices. */
const resourcesOf = (label: string, stated: Fields): PodResources | undefined => {
  const size = admissionFacts.sizes[label];
  if (size)
    return {
      requests: { cpu: size.cpuRequest, memory: size.memoryRequest },
      limits: { cpu: size.cpuLimit, memory: size.memoryLimit },
    };
  const [requests, limits] = [stated.requests, stated.limits]
    .map(fieldsOf)
    .map(({ cpu = "", memory = "" }) => ({ cpu: String(cpu), memory: String(memory) }));
  return requests && limits && amountsOf({ requests, limits }).every((each) => Quantity.isValid(each))
    ? { requests, limits }
    : undefined;
};

const amountsOf = ({ requests, limits }: PodResources): string[] =>
  [requests, limits].flatMap(({ cpu, memory }) => [cpu, memory]);

const isSame = (one: PodResources, other: PodResources): boolean => {
  const amounts = amountsOf(other).map((each) => Quantity.parse(each));
  return amountsOf(one).every((each, at) => amounts[at]?.equals(Quantity.parse(each)));
};

/** The smallest size that requests as much memory; `resources` are those of the container where they are others. */
export const appSizeOf = (label: string, stated: unknown) => {
  const resources = resourcesOf(label, fieldsOf(stated));
  if (resources === undefined) return { size: "s" as const, resources, known: false };
  const wanted = Quantity.parse(resources.requests.memory);
  const size =
    SIZES.find((name) => !wanted.isMoreThan(Quantity.parse(APP_SIZES[name].requests.memory))) ?? "xl";
  const same = isSame(resources, APP_SIZES[size]);
  return { size, resources: same ? undefined : resources, known: true };
};
