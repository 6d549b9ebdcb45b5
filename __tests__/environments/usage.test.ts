import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../environments/schema.ts";
import { lab, TODAY } from "./lab.ts";
import { recordReads } from "./usage.ts";

const parsed = () => parseEnvironment(lab(), { today: TODAY });
const recorded = () => recordReads(parsed());

/** Reads every field by its name, as a set of constructs would. */
const readAll = (value: unknown): void => {
  if (typeof value !== "object" || value === null) return;
  for (const key of Reflect.ownKeys(value)) readAll(Reflect.get(value, key));
};

test("a field that nobody reads is named", () => {
  const { environment, unreadPaths } = recordReads({ cluster: { vip: "10.1.10.5", dead: "cilium_l2" } });
  expect(unreadPaths()).toEqual(["cluster.vip", "cluster.dead"]);
  expect(environment.cluster.vip).toBe("10.1.10.5");
  expect(unreadPaths()).toEqual(["cluster.dead"]);
});

test("an environment that is read throughout has nothing left", () => {
  const { environment, unreadPaths } = recorded();
  expect(unreadPaths()).toContain("nodes.*.vlans.*.gateway");
  readAll(environment);
  expect(unreadPaths()).toEqual([]);
});

test("each field of the environment is missed when it alone is not read", () => {
  const paths = recorded().unreadPaths();
  for (const path of paths) {
    const { environment, unreadPaths } = recorded();
    const walk = (value: unknown, at: readonly string[]): void => {
      if (typeof value !== "object" || value === null) return;
      for (const key of Object.keys(value)) {
        const place = [...at, Array.isArray(value) ? "*" : key];
        if (place.join(".") !== path) walk(Reflect.get(value, key), place);
      }
    };
    walk(environment, []);
    expect(unreadPaths()).toEqual([path]);
  }
});

test("a field of list elements is used when it is read of any", () => {
  const { environment, unreadPaths } = recorded();
  expect(`${environment.nodes.find(({ name }) => name === "ada")?.cpu}`).toBe("4");
  expect(unreadPaths()).not.toContain("nodes.*.name");
  expect(unreadPaths()).not.toContain("nodes.*.cpu");
  expect(unreadPaths()).toContain("nodes.*.memory");
});

test("entries of a record are told apart", () => {
  const { environment, unreadPaths } = recordReads({
    schematics: { a: { extensions: ["x"] }, b: { extensions: ["y"] } },
  });
  expect(environment.schematics.a.extensions).toEqual(["x"]);
  expect(unreadPaths()).toEqual(["schematics.b.extensions"]);
});

describe("what is no use", () => {
  test("reading the objects on the way", () => {
    const { environment, unreadPaths } = recorded();
    const before = unreadPaths();
    expect(typeof environment.cluster).toBe("object");
    expect(environment.nodes.length).toBe(4);
    expect(environment.nodes.map((node) => node.vlans)).toHaveLength(4);
    expect(unreadPaths()).toEqual(before);
  });

  test("JSON of the whole, or of a part", () => {
    const { environment, unreadPaths } = recorded();
    const before = unreadPaths();
    expect(JSON.parse(JSON.stringify(environment))).toEqual(JSON.parse(JSON.stringify(parsed())));
    expect(JSON.parse(JSON.stringify({ first: environment.nodes[0] }))).toMatchObject({
      first: lab().nodes[0],
    });
    expect(unreadPaths()).toEqual(before);
  });

  test("a structured clone, which is refused", () => {
    const { environment, unreadPaths } = recorded();
    const before = unreadPaths();
    expect(() => structuredClone(environment)).toThrow("could not be cloned");
    expect(unreadPaths()).toEqual(before);
  });
});

test("what is read is the data itself", () => {
  const { environment } = recorded();
  expect(environment.nodes[0]).toBe(environment.nodes[0]);
  expect(Array.isArray(environment.nodes)).toBe(true);
  expect({ ...environment.cluster }).toEqual({ ...parsed().cluster });
  expect(environment.nodes.map(({ name }) => name)).toEqual(["ada", "bea", "cleo", "dora"]);
  expect(environment.nodes.indexOf(environment.nodes[2] as never)).toBe(2);
});

test("an empty list is used when it is read", () => {
  const { environment, unreadPaths } = recordReads({ namespaces: [] as string[] });
  expect(unreadPaths()).toEqual(["namespaces"]);
  expect(environment.namespaces).toEqual([]);
  expect(unreadPaths()).toEqual([]);
});
