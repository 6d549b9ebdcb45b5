import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runbookLink } from "../../../lib/observability/alert.ts";
import { alertGroupsOf, withAbsence } from "../../../lib/observability/alert-rules.ts";
import { parsed } from "../../stacks/homelab.ts";

const prod = parsed("prod");

const [FILE] = runbookLink({ name: "x" }).split("#");
const text = readFileSync(new URL(`../../../${FILE}`, import.meta.url), "utf8");
const names = [
  ...new Set(withAbsence(alertGroupsOf(prod)).flatMap(({ alerts }) => alerts.map(({ name }) => name))),
];

/** Entries by heading, in the order of the text. */
const entries = (markdown: string): [heading: string, body: string][] =>
  markdown
    .split(/^### /m)
    .slice(1)
    .map((entry): [string, string] => [entry.split("\n", 1)[0] ?? "", entry.split(/\n## /)[0] ?? ""]);

const headings = entries(text).map(([heading]) => heading);

test("every alert has its entry, once", () => {
  expect(names.filter((name) => headings.filter((heading) => heading === name).length !== 1)).toEqual([]);
});

test("no entry is of an alert that is gone", () => {
  expect(headings.filter((heading) => !names.includes(heading))).toEqual([]);
});

test.each(entries(text))("%s says what it means, where to look, what to do", (_, body) => {
  for (const part of ["**Means**", "**Look**", "**Do**"]) expect(body).toContain(part);
});

describe("anchors", () => {
  test.each(names)("%s", (name) => {
    const anchors = headings.map((heading) => `${FILE}#${heading.toLowerCase()}`);
    expect(anchors).toContain(runbookLink({ name }));
  });
});
