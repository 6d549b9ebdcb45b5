import { describe, expect, test } from "vitest";
import { type Alert, alertProblems, runbookLink } from "../../../lib/observability/alert.ts";
import { anAlert } from "./alerts.ts";

test("an alert that is well has no problem", () => {
  expect(alertProblems(anAlert())).toEqual([]);
});

test("the runbook's anchor is the heading's, as GitHub makes it", () => {
  expect(runbookLink({ name: "EtcdNoLeader" })).toBe("docs/runbooks/alerts.md#etcdnoleader");
});

describe("refused", () => {
  test.each<[string, Partial<Alert>, string]>([
    [
      "a name in another case",
      { name: "node_gone" },
      'alert node_gone: name: must be UpperCamelCase: got "node_gone"',
    ],
    [
      "an expression that cannot be read",
      { expression: "up ==" },
      'alert NodeGone: expression: at 6: cannot be read: ends too early: got "up =="',
    ],
    ["no duration", { for: "soon" }, 'alert NodeGone: for: must be a duration such as 15m: got "soon"'],
    ["no summary", { summary: " " }, 'alert NodeGone: summary: must not be empty: got " "'],
    [
      "a template that not both tools know",
      { description: "{{ query `up` }}" },
      'alert NodeGone: description: must use $labels.x or $value alone: got "{{ query `up` }}"',
    ],
  ])("%s", (_, different, problem) => {
    expect(alertProblems(anAlert(different))).toEqual([problem]);
  });

  test("everything at once", () => {
    expect(alertProblems(anAlert({ name: "x", for: "x", expression: "" }))).toHaveLength(3);
  });
});
