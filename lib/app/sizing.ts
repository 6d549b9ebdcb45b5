/** Labels and annotations for the homelab's admission policies, so that what runs is what the app declares. */
import { admissionFacts } from "../../environments/recorded/admission.ts";
import { type Fields, fieldsOf } from "../core/fields.ts";
import { Quantity } from "../core/values/quantity.ts";
import { opensDevices } from "./devices.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { APP_SIZES, type AppSize } from "./sizes.ts";

const isSame = (one: unknown, other: string): boolean =>
  Quantity.isValid(String(one)) && Quantity.parse(String(one)).equals(Quantity.parse(other));

/** The label of the sizing table that gives exactly these requests and limits; undefined when none does. */
const labelOf = (resources: unknown): string | undefined => {
  const { requests, limits } = fieldsOf(resources);
  return Object.entries(admissionFacts.sizes).find(
    ([, size]) =>
      isSame(fieldsOf(requests).cpu, size.cpuRequest) &&
      isSame(fieldsOf(requests).memory, size.memoryRequest) &&
      isSame(fieldsOf(limits).cpu, size.cpuLimit) &&
      isSame(fieldsOf(limits).memory, size.memoryLimit),
  )?.[0];
};

/** Labels of pods for containers by name, each with its requests and limits; what fits no size gets none. */
export const sizingLabels = (
  { names: { sizing } }: Pick<ResolvedApp, "names">,
  containers: Readonly<Record<string, unknown>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(containers).flatMap(([name, resources]) => {
      const label = labelOf(resources);
      return label === undefined || sizing === undefined ? [] : [[`${sizing}/sizing.${name}`, label]];
    }),
  );

/** Labels for containers of named sizes. */
export const labelsOfSizes = (
  app: ResolvedApp,
  containers: Readonly<Record<string, AppSize | "app">>,
): Record<string, string> =>
  sizingLabels(
    app,
    Object.fromEntries(
      Object.entries(containers).map(([name, size]) => [name, APP_SIZES[size === "app" ? app.size : size]]),
    ),
  );

/** Annotations of pods that need what admission takes from every other: capabilities, or all devices of the node. */
export const privilegeAnnotations = ({
  privileges,
  names: { sizing },
}: ResolvedApp): Record<string, string> =>
  sizing !== undefined && (opensDevices(privileges) || privileges?.root || privileges?.capabilities)
    ? { [`${sizing}/explicitly-allow-root`]: "true" }
    : {};

/** Requests and limits of the containers in values of `app-template`. */
export const sizedContainers = (values: Fields): Record<string, unknown> =>
  Object.fromEntries(
    Object.values(fieldsOf(values.controllers))
      .map(fieldsOf)
      .flatMap(({ containers, initContainers }) => [containers, initContainers])
      .flatMap((containers) => Object.entries(fieldsOf(containers)))
      .map(([name, container]) => [name, fieldsOf(container).resources]),
  );
