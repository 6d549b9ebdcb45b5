import { describe, expect, test } from "vitest";
import { besideAge, problems } from "../lab.ts";

const risk = (id: string) => ({
  acceptedRisks: [
    { id, reason: "for a test of this rule", acceptedBy: "owner", on: "2026-05-01", reviewBy: "2027-01-01" },
  ],
});

describe("production enforces default deny", () => {
  test.each(["audit", "off"])("mode %s needs an accepted risk with a review date", (mode) => {
    const changes = { production: true, "networkPolicy.mode": mode };
    expect(problems(changes)).toEqual([
      `networkPolicy.mode: must be enforce in production: nothing is dropped otherwise: got "${mode}" (the accepted risk network-policy-${mode} would silence this)`,
    ]);
    expect(problems({ ...changes, ...risk(`network-policy-${mode}`) })).toEqual([]);
  });

  test("elsewhere it is rolled out in stages", () => {
    expect(problems({ "networkPolicy.mode": "audit" })).toEqual([]);
  });
});

test("a Cilium whose verdicts were never compared needs an accepted risk", () => {
  const changes = { "versions.cilium": "1.20.2", "versions.kubernetes": "v1.33.2" };
  expect(besideAge(problems(changes))).toEqual([expect.stringContaining("cilium-1.20.2-not-compared")]);
  expect(besideAge(problems({ ...changes, ...risk("cilium-1.20.2-not-compared") }))).toEqual([]);
});
