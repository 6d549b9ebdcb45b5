// Adds up the JSON reports of vitest in a directory; the count is the last line. Ends with 1 unless a test passed and
// none failed.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const [directory] = process.argv.slice(2);
const files = readdirSync(directory)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => JSON.parse(readFileSync(join(directory, name), "utf8")).testResults);

let passed = 0;
let failed = 0;
let skipped = 0;
for (const { name, status, assertionResults: tests } of files) {
  const count = (wanted) => tests.filter((test) => test.status === wanted).length;
  const rest = tests.length - count("passed") - count("failed");
  if (rest > 0)
    console.log(`left out: ${rest} of ${tests.length} tests of ${relative("", name)}, skipped by themselves`);
  passed += count("passed");
  // A file can fail before a test of it does.
  failed += status === "failed" ? Math.max(count("failed"), 1) : 0;
  skipped += rest;
}
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = passed === 0 || failed > 0 ? 1 : 0;
