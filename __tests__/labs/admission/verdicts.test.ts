/** The model of admission agrees with what Kyverno's engine answered, on every field of every recorded pod. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type AdmissionVerdict, verdictDifferences } from "../../../labs/admission/verdicts.ts";
import { admissionWorld } from "../../../lib/admission/admit.ts";

const verdicts = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/admission/verdicts.json"), "utf8"),
) as AdmissionVerdict[];

test("every field of every pod, rendered and generated", () => {
  expect(verdicts.length).toBeGreaterThan(150);
  expect(verdictDifferences(verdicts)).toEqual([]);
});

test("a rule less is a difference", () => {
  const rules = admissionWorld().rules.filter(({ rule }) => rule !== "v2-unlabeled-sidecar-defaults");
  expect(verdictDifferences(verdicts, { ...admissionWorld(), rules }).length).toBeGreaterThan(100);
});
