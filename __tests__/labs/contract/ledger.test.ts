import { expect, test } from "vitest";
import { Ledger } from "../../../labs/contract/ledger.ts";

const ledger = () => {
  const lines: string[] = [];
  return { lines, ledger: new Ledger((line) => lines.push(line)) };
};

test("what passed", () => {
  const { lines, ledger: it } = ledger();
  it.check("this", []);
  expect(it.close()).toBe(true);
  expect(lines).toEqual(["ok      this", "", "contract: 1 checks passed, 0 failed, 0 left out"]);
});

test("what failed with all of its problems, notes and what was left out once", () => {
  const { lines, ledger: it } = ledger();
  it.check("this", ["one", "two"]);
  for (const _ of [1, 2]) {
    it.leaveOut("that", "no Go");
    it.note("another version");
  }
  expect(it.close()).toBe(false);
  expect(lines).toEqual([
    "failed  this",
    "        one",
    "        two",
    "",
    "note: another version",
    "left out: contract: that: no Go",
    "contract: 0 checks passed, 1 failed, 1 left out",
  ]);
});
