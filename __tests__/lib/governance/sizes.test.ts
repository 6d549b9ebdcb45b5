import { describe, expect, test } from "vitest";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../../lib/governance/sizes.ts";

const ORDER: readonly NamespaceSize[] = ["xxs", "xs", "s", "m", "l", "xl"];
const RESOURCES = ["cpu", "memory", "ephemeralStorage"] as const;
const amount = (text: string) => Quantity.parse(text).toNumber();

test("every size that an environment may name is in the table, smallest first", () => {
  expect(Object.keys(NAMESPACE_SIZES)).toEqual(ORDER);
});

describe.each(ORDER)("%s", (size) => {
  const { quota, container } = NAMESPACE_SIZES[size];

  test.each(RESOURCES)("%s: as many pods as it may have fit the quota with the defaults", (resource) => {
    expect(amount(container.defaultRequest[resource]) * quota.pods).toBeLessThanOrEqual(
      amount(quota.requests[resource]),
    );
    expect(amount(container.defaultLimit[resource]) * quota.pods).toBeLessThanOrEqual(
      amount(quota.limits[resource]),
    );
  });

  test.each(RESOURCES)("%s: what is requested never exceeds the limit", (resource) => {
    expect(amount(container.defaultRequest[resource])).toBeLessThanOrEqual(
      amount(container.defaultLimit[resource]),
    );
    expect(amount(quota.requests[resource])).toBeLessThanOrEqual(amount(quota.limits[resource]));
  });

  test.each(["cpu", "memory"] as const)("%s: one container leaves room for others", (resource) => {
    expect(amount(container.max[resource])).toBeGreaterThanOrEqual(amount(container.defaultLimit[resource]));
    expect(amount(container.max[resource])).toBeLessThan(amount(quota.limits[resource]));
  });
});

const totals = (size: NamespaceSize): number[] => {
  const { quota } = NAMESPACE_SIZES[size];
  return [
    ...RESOURCES.flatMap((resource) => [amount(quota.requests[resource]), amount(quota.limits[resource])]),
    amount(quota.storage),
    quota.pods,
    quota.persistentVolumeClaims,
  ];
};

test.each(ORDER.slice(1).map((size, index) => [ORDER[index] as NamespaceSize, size] as const))(
  "%s is smaller than %s in everything",
  (smaller, larger) => {
    totals(smaller).forEach((total, index) => {
      expect(total).toBeLessThan(totals(larger)[index] as number);
    });
  },
);
