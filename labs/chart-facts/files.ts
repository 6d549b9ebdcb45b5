/** Writes facts with one object a line, so that a change of one shows as one. */
import { join } from "node:path";
import type { ChartFacts, EnvironmentCharts } from "../../environments/recorded/chart-facts.ts";

const LIST_FIELDS = [
  "workloads",
  "operated",
  "services",
  "disruptionBudgets",
  "webhooks",
  "claims",
  "autoscalers",
];

const lineOf = (name: string, value: unknown, indent: string): string => {
  const at = `${indent}${JSON.stringify(name)}: `;
  const isLong =
    (LIST_FIELDS.includes(name) || name === "objects") && Object.keys(value as object).length > 0;
  if (!isLong) return at + JSON.stringify(value);
  const inner = Array.isArray(value)
    ? value.map((each) => `${indent}  ${JSON.stringify(each)}`)
    : Object.entries(value as object).map(
        ([key, each]) => `${indent}  ${JSON.stringify(key)}: ${JSON.stringify(each)}`,
      );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${at}${open}\n${inner.join(",\n")}\n${indent}${close}`;
};

const chartText = (facts: ChartFacts): string => {
  const lines = Object.entries(facts).map(([name, value]) => lineOf(name, value, "      "));
  return `    ${JSON.stringify(facts.release)}: {\n${lines.join(",\n")}\n    }`;
};

/** The file of an environment's facts. */
export const factsText = ({ kubernetes, charts }: EnvironmentCharts): string => {
  const all = Object.values(charts).toSorted((a, b) => (a.release < b.release ? -1 : 1));
  return `{\n  "kubernetes": ${JSON.stringify(kubernetes)},\n  "charts": {\n${all.map(chartText).join(",\n")}\n  }\n}\n`;
};

/** Path of the file below the project's root. */
export const factsPath = (environment: string): string =>
  join("environments/recorded/charts", `${environment}.json`);
