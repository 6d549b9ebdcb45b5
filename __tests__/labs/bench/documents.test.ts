import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { documentsWith, SPEED_FIGURES } from "../../../labs/bench/bench-command.ts";
import type { Measurement } from "../../../labs/bench/measurements.ts";

const kept = JSON.parse(readFileSync(SPEED_FIGURES, "utf8")) as Measurement[];

test("documents quote the figures that are kept", () => {
  for (const [file, text] of documentsWith(kept)) expect(readFileSync(file, "utf8"), file).toBe(text);
});

test("another figure makes other documents, and a missed target says so", () => {
  const [first] = kept.filter(({ atMost }) => atMost !== undefined);
  if (first?.atMost === undefined) throw new Error("a figure with a target");
  const missed = { ...first, value: first.atMost * 2 };
  const documents = documentsWith([missed]);
  expect(documents.get("docs/testing.md")).toMatch(/\| missed \|/);
  expect(documents.get("README.md")).toMatch(/met: none; missed: .*<!-- \/speed -->/);
});
