/**
 * `npm run conformance -- FILE.json ...`: compares the evaluator with recorded verdicts of Cilium's policy engine.
 * Exit code 0 when all agree, 1 when any disagrees, 2 when a file cannot be read.
 */
import { readFileSync } from "node:fs";
import {
  type ConformanceReport,
  compareVectors,
  type Disagreement,
  parseVectors,
} from "../../lib/proofs/evaluator/conformance.ts";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const printDifference = ({ scenario, subject, expected, actual }: Disagreement): void => {
  print(`${scenario}: ${subject}\n  expected ${expected}\n  actual   ${actual}`);
};

const report = (file: string, result: ConformanceReport): void => {
  const { flows, rejections, agreements, disagreements, otherMessages } = result;
  disagreements.forEach(printDifference);
  if (otherMessages.length > 0) print("Refused by both, with another message:");
  otherMessages.forEach(printDifference);
  print(
    `${file}: ${agreements} agree, ${disagreements.length} disagree (${flows} flows, ${rejections} rejections)`,
  );
};

const files = process.argv.slice(2);
if (files.length === 0) {
  process.stderr.write("usage: npm run conformance -- FILE.json ...\n");
  process.exitCode = 2;
}
for (const file of files) {
  try {
    const result = compareVectors(parseVectors(JSON.parse(readFileSync(file, "utf8"))));
    report(file, result);
    if (result.disagreements.length > 0) process.exitCode ??= 1;
  } catch (error) {
    process.stderr.write(`${file}: ${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
