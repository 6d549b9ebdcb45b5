import { describe, expect, it } from "vitest";
import type { Etcd, StoredKey } from "../../../labs/drill/etcd.ts";
import { Random } from "../../../labs/drill/random.ts";
import { fill, stateDifferences, valueDifferences } from "../../../labs/drill/state.ts";

const storedKey = (value: string, others: Partial<StoredKey> = {}): StoredKey => ({
  value,
  createRevision: 2,
  modRevision: 3,
  version: 2,
  ...others,
});

describe("fill", () => {
  it.each([100, 5_000])("leaves exactly %i keys, some rewritten, after some were deleted", async (count) => {
    const keys = new Map<string, string>();
    let puts = 0;
    let deletes = 0;
    const etcd = {
      put: async (entries: readonly (readonly [string, string])[]) => {
        puts += entries.length;
        for (const [key, value] of entries) keys.set(key, value);
      },
      delete: async (gone: readonly string[]) => {
        deletes += gone.length;
        for (const key of gone) keys.delete(key);
      },
    } as unknown as Etcd;
    const state = await fill(etcd, count, new Random(1));
    expect(state.size).toBe(count);
    expect(new Map([...keys].sort())).toEqual(new Map([...state].sort()));
    expect(deletes).toBeGreaterThan(0);
    expect(puts - deletes).toBeGreaterThan(count);
  });
});

describe("differences", () => {
  const expected = new Map([
    ["a", "1"],
    ["b", "2"],
  ]);
  const found = new Map([
    ["a", storedKey("1")],
    ["b", storedKey("2")],
  ]);

  it("are none between the same", () => {
    expect(valueDifferences(expected, found)).toEqual([]);
    expect(stateDifferences(found, new Map(found))).toEqual([]);
  });

  it.each([
    ["a lost key", new Map([["a", storedKey("1")]]), "b is lost"],
    ["another value", new Map([...found, ["b", storedKey("3")]]), "b differs"],
    ["a key too many", new Map([...found, ["c", storedKey("3")]]), "c was not there"],
  ])("tell %s", (_, other, difference) => {
    expect(valueDifferences(expected, other)).toEqual([difference]);
    expect(stateDifferences(found, other)).toEqual([difference]);
  });

  it.each(["version", "createRevision", "modRevision"] as const)("tell another %s", (field) => {
    expect(stateDifferences(found, new Map([...found, ["b", storedKey("2", { [field]: 99 })]]))).toEqual([
      "b differs",
    ]);
  });

  it("name a few, and count the rest", () => {
    const many = new Map(Array.from({ length: 10 }, (_, at) => [`k${at}`, "v"]));
    expect(valueDifferences(many, new Map())).toEqual([
      "k0 is lost",
      "k1 is lost",
      "k2 is lost",
      "and 7 more",
    ]);
  });
});
