import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  APP_SIZES,
  type AppSize,
  largestOf,
  type NamespaceNeed,
  needOf,
  shortages,
  smallestNamespace,
} from "../../../lib/app/sizes.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../../lib/governance/sizes.ts";

const size = fc.constantFrom(...(Object.keys(APP_SIZES) as AppSize[]));
const groups = fc.array(fc.record({ size, count: fc.integer({ min: 0, max: 4 }) }), { maxLength: 4 });

const need = (of: readonly { size: AppSize; count: number }[]): NamespaceNeed => ({
  ...needOf(of),
  largest: largestOf(of),
  storage: Quantity.ZERO,
  claims: 0,
  loadBalancers: 0,
});

describe("a namespace for an app", () => {
  test("holds what it needs, and the next smaller one does not", () => {
    const names = Object.keys(NAMESPACE_SIZES) as NamespaceSize[];
    fc.assert(
      fc.property(groups, (of) => {
        const found = smallestNamespace(need(of));
        if (found === undefined) {
          expect(shortages(need(of), "xl")).not.toEqual([]);
          return;
        }
        expect(shortages(need(of), found)).toEqual([]);
        const smaller = names[names.indexOf(found) - 1];
        if (smaller) expect(shortages(need(of), smaller)).not.toEqual([]);
      }),
    );
  });

  test("has room for one more pod, of the largest size, while pods are replaced", () => {
    const { requests, pods } = needOf([
      { size: "xs", count: 2 },
      { size: "m", count: 1 },
    ]);
    expect(String(requests.memory)).toBe("1152Mi");
    expect(pods).toBe(4);
  });

  test("nothing needs nothing", () => {
    expect(needOf([{ size: "xl", count: 0 }]).pods).toBe(0);
  });
});

test("each size is larger than the one before it, and its limits are above its requests", () => {
  const memory = Object.values(APP_SIZES).map(({ requests }) => Quantity.parse(requests.memory));
  memory.slice(1).forEach((each, at) => {
    expect(each.isMoreThan(memory[at] ?? each)).toBe(true);
  });
  for (const { requests, limits } of Object.values(APP_SIZES))
    for (const resource of ["cpu", "memory"] as const)
      expect(Quantity.parse(limits[resource]).isMoreThan(Quantity.parse(requests[resource]))).toBe(true);
});
