import type { Alert } from "../../../../lib/observability/alert.ts";
import type { AlertExamples } from "./examples.ts";

const ALL_THERE = "1x60";

/** Examples of an alert on a source: nothing is there, each of its series but one is missing, and all are there. */
export const metricsMissingExamples = ({ expression, labels = {} }: Alert): AlertExamples => {
  const selectors = [...expression.matchAll(/absent\((.+?)\), "metric"/g)].map(([, each = ""]) => each);
  const there = (those: readonly string[]) => Object.fromEntries(those.map((each) => [each, ALL_THERE]));
  const missing = (gone: readonly string[]) => ({
    series: there(selectors.filter((each) => !gone.includes(each))),
    at: "40m",
    labels: [...new Set(gone.map((each) => each.split("{")[0] ?? each))].map((metric) => ({
      metric,
      ...labels,
    })),
  });
  return {
    fires: [missing(selectors), ...selectors.slice(1).map((each) => missing([each]))],
    quiet: [{ series: there(selectors), at: "40m", because: "every series is there" }],
  };
};
