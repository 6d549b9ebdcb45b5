/** Every alert has examples, and its texts name labels that it has where it fires. */
import { expect, test } from "vitest";
import type { Alert } from "../../../lib/observability/alert.ts";
import { alertGroupsOf, withAbsence } from "../../../lib/observability/alert-rules.ts";
import { parsed } from "../../stacks/homelab.ts";
import { anAlert, anExample } from "./alerts.ts";
import type { AlertExamples } from "./examples/examples.ts";
import { allExamples, examplesOf } from "./examples/index.ts";

const DURATION = /^(\d+(ms|s|m|h|d|w))+$/;

const exampleProblems = (alert: Alert, { fires, quiet }: AlertExamples): string[] => {
  const labels = fires.flatMap((firing) => firing.labels);
  const named = [...`${alert.summary} ${alert.description}`.matchAll(/\$labels\.(\w+)/g)];
  return [
    ...(fires.length === 0 ? ["must show when it fires"] : []),
    ...(quiet.length === 0 && alert.severity !== "none" ? ["must show when it keeps silent"] : []),
    ...[...fires, ...quiet].filter(({ at }) => !DURATION.test(at)).map(({ at }) => `at: ${at}`),
    ...named
      .map(([, label = ""]) => label)
      .filter((label) => labels.some((each) => !(label in { ...each, ...alert.labels })))
      .map((label) => `must have the label ${label}, which its texts name`),
  ];
};

const prod = parsed("prod");
const alerts = withAbsence(alertGroupsOf(prod)).flatMap((group) => group.alerts);

test("every alert shows when it fires and when it keeps silent", () => {
  const examplesFor = examplesOf(prod);
  expect(
    alerts.flatMap((alert) =>
      exampleProblems(alert, examplesFor(alert)).map((problem) => `${alert.name}: ${problem}`),
    ),
  ).toEqual([]);
});

test("no example is of an alert that there is not", () => {
  const names = alerts.map(({ name }) => name);
  expect(Object.keys(allExamples(prod)).filter((name) => !names.includes(name))).toEqual([]);
});

test.each([
  ["no silence", { quiet: [] }, "must show when it keeps silent"],
  ["no firing", { fires: [] }, "must show when it fires"],
  ["a moment that is none", { quiet: [{ series: {}, at: "later", because: "" }] }, "at: later"],
  [
    "a label that it lacks",
    { fires: [{ series: {}, at: "10m", labels: [{}] }] },
    "must have the label instance, which its texts name",
  ],
])("%s is found", (_, different, problem) => {
  expect(exampleProblems(anAlert(), { ...anExample, ...different })).toEqual([problem]);
});
