import { describe, expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { ADVISORIES, advisoriesOn, SUPPORT_ENDS } from "../../../environments/support.ts";
import { LAB_RISKS, lab, linesOf } from "../lab.ts";

const without = (id: string) => LAB_RISKS.filter((risk) => risk.id !== id);

describe("a version past its end needs an accepted risk", () => {
  test.each([
    ["support-talos-1.12", "versions.talos: must still get fixes; those of 1.12 ended on 2026-04-27"],
    [
      "support-kubernetes-1.33",
      "versions.kubernetes: must still get fixes; those of 1.33 ended on 2026-06-28",
    ],
    ["advisory-cve-2026-33726", "versions.cilium: must not have CVE-2026-33726"],
    ["advisory-cve-2025-55190", "versions.argocdChart: must not have CVE-2025-55190"],
  ])("%s", (id, message) => {
    const lines = linesOf(() =>
      parseEnvironment({ ...lab(), acceptedRisks: without(id) }, { today: "2026-11-01" }),
    );
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
    expect(lines[0]).toContain(`the accepted risk ${id} would silence this`);
  });

  test("until its last day it needs none", () => {
    const on = (today: string) =>
      linesOf(() =>
        parseEnvironment({ ...lab(), acceptedRisks: without("support-kubernetes-1.33") }, { today }),
      );
    expect(on("2026-06-28")).toEqual([]);
    expect(on("2026-06-29")).toHaveLength(1);
  });
});

test.each([
  ["cilium", "1.18.7", ["CVE-2026-33726"]],
  ["cilium", "1.18.8", []],
  ["cilium", "1.19.1", ["CVE-2026-33726"]],
  ["argocdChart", "7.7.7", ["CVE-2025-55190", "CVE-2025-47933", "GHSA-h98r-wv3h-fr38"]],
  ["argocdChart", "9.2.1", ["GHSA-h98r-wv3h-fr38", "GHSA-3v3m-wc6v-x4x3"]],
  ["argocdChart", "9.5.14", []],
] as const)("what is known of %s %s", (component, version, ids) => {
  expect(advisoriesOn(component, version).map(({ id }) => id)).toEqual(ids);
});

test("every end is a date with a source, every advisory says where it is mended", () => {
  for (const end of Object.values(SUPPORT_ENDS).flatMap((minors) => Object.values(minors))) {
    expect(end.ends).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(end.source).toMatch(/^https:/);
  }
  for (const { mendedIn, what } of ADVISORIES) expect(mendedIn.length * what.length).toBeGreaterThan(0);
});
