/** Sizes of containers, as the homelab's admission gives them. */
import { admissionFacts } from "../../../environments/recorded/admission.ts";
import { APP_SIZES, type AppSize } from "../../../lib/app/sizes.ts";
import { type Fields, fieldsOf, textOf } from "../../../lib/core/fields.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";

const SIZES = Object.keys(APP_SIZES) as AppSize[];

/** Requests and limits of a container: those of its sizing label, or else what it states. */
const resourcesOf = (label: string, stated: Fields): Fields | undefined => {
  const size = admissionFacts.sizes[label];
  if (size)
    return {
      requests: { cpu: size.cpuRequest, memory: size.memoryRequest },
      limits: { cpu: size.cpuLimit, memory: size.memoryLimit },
    };
  const { requests, limits } = stated;
  const amounts = [requests, limits].flatMap((each) => [fieldsOf(each).cpu, fieldsOf(each).memory]);
  return amounts.every((amount) => Quantity.isValid(String(amount ?? "")))
    ? plain({ requests, limits })
    : undefined;
};

/** Without devices, which an app asks for otherwise. */
const plain = ({ requests, limits }: Fields): Fields => ({
  requests: { cpu: String(fieldsOf(requests).cpu), memory: String(fieldsOf(requests).memory) },
  limits: { cpu: String(fieldsOf(limits).cpu), memory: String(fieldsOf(limits).memory) },
});

const isSame = (one: Fields, other: Fields): boolean =>
  ["requests", "limits"].every((kind) =>
    ["cpu", "memory"].every((what) =>
      Quantity.parse(textOf(fieldsOf(one[kind])[what])).equals(
        Quantity.parse(textOf(fieldsOf(other[kind])[what])),
      ),
    ),
  );

export interface Sized {
  readonly size: AppSize;
  /** Undefined when they are those of the size, or not known. */
  readonly resources: Fields | undefined;
  readonly known: boolean;
}

/** The smallest size that requests as much memory; what is different is in `resources`. */
export const appSizeOf = (label: string, stated: unknown): Sized => {
  const resources = resourcesOf(label, fieldsOf(stated));
  if (resources === undefined) return { size: "s", resources: undefined, known: false };
  const wanted = Quantity.parse(textOf(fieldsOf(resources.requests).memory));
  const size =
    SIZES.find((name) => !wanted.isMoreThan(Quantity.parse(APP_SIZES[name].requests.memory))) ?? "xl";
  const same = isSame(resources, APP_SIZES[size] as unknown as Fields);
  return { size, resources: same ? undefined : resources, known: true };
};
