import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { APP_SIZES, type NamespaceNeed, shortages, smallestNamespace } from "../../../lib/app/sizes.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { NAMESPACE_SIZES, type NamespaceSize } from "../../../lib/governance/sizes.ts";

const amount = fc.integer({ min: 0, max: 8192 });
const needs = fc
  .record({ cpu: amount, memory: amount, pods: fc.integer({ min: 0, max: 60 }) })
  .map(({ cpu, memory, pods }): NamespaceNeed => {
    const requests = { cpu: Quantity.parse(`${cpu}m`), memory: Quantity.mebibytes(memory) };
    return {
      ...{ requests, limits: requests, pods, storage: Quantity.ZERO, claims: 0, loadBalancers: 0 },
      largest: { cpu: Quantity.ZERO, memory: Quantity.ZERO },
    };
  });

describe("a namespace for an app", () => {
  test("holds what it needs, and the next smaller one does not", () => {
    const names = Object.keys(NAMESPACE_SIZES) as NamespaceSize[];
    fc.assert(
      fc.property(needs, (need) => {
        const found = smallestNamespace(need);
        if (found === undefined) {
          expect(shortages(need, "xl")).not.toEqual([]);
          return;
        }
        expect(shortages(need, found)).toEqual([]);
        const smaller = names[names.indexOf(found) - 1];
        if (smaller) expect(shortages(need, smaller)).not.toEqual([]);
      }),
    );
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
