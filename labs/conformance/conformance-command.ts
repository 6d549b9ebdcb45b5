/** Runs `homelab conformance`: reports, and returns the exit code. */
import { readFileSync } from "node:fs";
import { UsageError } from "../../lib/core/usage-error.ts";
import {
  type ConformanceReport,
  compareVectors,
  type Disagreement,
  parseVectors,
} from "../../lib/proofs/evaluator/conformance.ts";

const difference = ({ scenario, subject, expected, actual }: Disagreement): string =>
  `${scenario}: ${subject}\n  expected ${expected}\n  actual   ${actual}`;

const lines = (file: string, result: ConformanceReport): string[] => {
  const { flows, rejections, agreements, disagreements, unknown, otherMessages } = result;
  return [
    ...disagreements.map(difference),
    ...(unknown.length > 0 ? ["Not known to the evaluator:"] : []),
    ...unknown.map(difference),
    ...(otherMessages.length > 0 ? ["Refused by both, with another message:"] : []),
    ...otherMessages.map(difference),
    `${file}: ${agreements} agree, ${disagreements.length} disagree${unknown.length > 0 ? `, ${unknown.length} unknown` : ""} (${flows} flows, ${rejections} rejections)`,
  ];
};

const compared = (file: string): ConformanceReport => {
  try {
    return compareVectors(parseVectors(JSON.parse(readFileSync(file, "utf8"))));
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
};

/** Returns the exit code. */
export const conformanceCommand = (
  files: readonly string[],
  json: boolean,
  out: (line: string) => void,
): number => {
  const results = files.map((file) => ({ file, ...compared(file) }));
  if (json) out(JSON.stringify(results, null, 2));
  else results.flatMap((result) => lines(result.file, result)).forEach(out);
  return results.some(({ disagreements }) => disagreements.length > 0) ? 1 : 0;
};
