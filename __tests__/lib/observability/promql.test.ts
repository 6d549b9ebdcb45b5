import { describe, expect, test } from "vitest";
import { parsePromql, selectorText } from "../../../lib/observability/promql.ts";

const problems = (expression: string) => parsePromql(expression).problems;
const selectors = (expression: string) => parsePromql(expression).selectors.map(selectorText);

describe("selectors", () => {
  test.each([
    ["metric", "up", ["up"]],
    ["labels", 'up{job="etcd",instance!="a"}', ['up{job="etcd",instance!="a"}']],
    ["regular expressions", 'up{a=~"x|y",b!~"z"}', ['up{a=~"x|y",b!~"z"}']],
    ["quotes in a value", String.raw`up{a="x\"y"}`, [String.raw`up{a="x\"y"}`]],
    ["ranges", "sum by (a) (rate(x[5m])) / on (a) y", ["x", "y"]],
    ["each once", "x > 1 and x < 3", ["x"]],
    ["none", "vector(1)", []],
  ])("%s", (_, expression, expected) => {
    expect(selectors(expression)).toEqual(expected);
    expect(problems(expression)).toEqual([]);
  });
});

describe("what can be evaluated", () => {
  test.each([
    "time() - x > 3600",
    "rate(x[5m] offset 1h)",
    "increase((x)[1h:1m])",
    "max_over_time(rate(x[5m])[1h:1m])",
    "quantile_over_time(0.5, x[5m])",
    "histogram_quantile(0.99, sum by (le) (rate(x_bucket[5m])))",
    'label_replace(absent(x{job="a"}), "metric", "x", "", "")',
  ])("%s", (expression) => {
    expect(problems(expression)).toEqual([]);
  });
});

describe("what cannot is refused, with the place", () => {
  test.each([
    ["", "at 1: cannot be read: ends too early"],
    ["sum(x", "at 6: cannot be read: ends too early"],
    ["x y", "at 3: cannot be read: y"],
    ["x{a=b}", "at 5: cannot be read: b"],
    ["x > = 3", "at 5: cannot be read: ="],
    ["nothing(x)", "at 8: cannot be read: ("],
    ['"text', 'at 1: text without an end: "text'],
    ["rate(x)", "at 1: needs a range of samples, as in metric[5m]: got rate(x)"],
    ["x[5m]", "at 1: a range of samples where a value is needed: got x[5m]"],
    ["sum(x[5m])", "at 5: a range of samples where a value is needed: got x[5m]"],
    ['{job="a"}', 'at 1: needs the name of a metric: got {job="a"}'],
  ])("%s", (expression, problem) => {
    expect(problems(expression)).toEqual([problem]);
  });

  test("only the first unreadable place: what follows is a guess", () => {
    expect(problems("sum(x y) z")).toHaveLength(1);
  });
});
