import { expect, test } from "vitest";
import {
  PRIORITIES,
  PriorityClasses,
  type PriorityClassesProps,
} from "../../../lib/governance/priority-classes.ts";
import { resources } from "../../synth.ts";
import { synthInCluster } from "./cluster.ts";

/** The lower of Kubernetes' two: `scheduling.SystemCriticalPriority`. */
const SYSTEM_CLUSTER_CRITICAL = 2_000_000_000;
/** Values above this belong to Kubernetes. */
const HIGHEST_USER_DEFINABLE = 1_000_000_000;

const classes = (props: PriorityClassesProps = {}) =>
  resources(
    synthInCluster((stack) => {
      new PriorityClasses(stack, "priority-classes", props);
    }),
    "kubernetes_priority_class_v1",
  );

test("are four classes, called after the homelab", () => {
  const values = Object.fromEntries(
    classes({ prefix: "vixens" }).map(({ metadata, value }) => [(metadata as { name: string }).name, value]),
  );
  expect(values).toEqual({
    "vixens-critical": 100_000,
    "vixens-high": 50_000,
    "vixens-medium": 10_000,
    "vixens-low": 0,
  });
});

test("none is the default, every one is described and protected", () => {
  expect(classes()).toHaveLength(4);
  for (const priorityClass of classes()) {
    expect(priorityClass).toMatchObject({
      global_default: false,
      description: expect.stringMatching(/\w{3,}.*\./),
      lifecycle: { prevent_destroy: true },
    });
  }
});

test("lie below the system's classes, highest first, and never below 0, which pods without a class have", () => {
  const values = Object.values(PRIORITIES).map(({ value }) => value);
  expect([...values].sort((a, b) => b - a)).toEqual(values);
  expect(new Set(values).size).toBe(values.length);
  expect(Math.max(...values)).toBeLessThanOrEqual(HIGHEST_USER_DEFINABLE);
  expect(Math.max(...values)).toBeLessThan(SYSTEM_CLUSTER_CRITICAL);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
});

test("a class's logical id is its name", () => {
  const stack = synthInCluster((s) => {
    new PriorityClasses(s, "priority-classes");
  });
  const ids = Object.keys(stack.resource?.kubernetes_priority_class_v1 ?? {});
  expect(ids.map((id) => id.replace(/_[0-9A-F]{8}$/, ""))).toEqual(
    Object.keys(PRIORITIES)
      .map((priority) => `priority-classes_homelab-${priority}`)
      .sort(),
  );
});
