import { expect, it } from "vitest";
import { must, Table } from "../../../labs/drill/table.ts";

it("says what is right, what is missed and what was not run", async () => {
  const lines: string[] = [];
  const table = new Table((line) => lines.push(line));
  await table.check("good", async () => "fine");
  expect(table.hasMiss).toBe(false);
  await table.check("a bad one", async () => {
    must(false, "3 keys\nare lost");
    return "unreachable";
  });
  table.notRun("talosctl", "needs Talos");
  expect(table.hasMiss).toBe(true);
  expect(lines).toEqual([
    "ok: good: fine",
    "MISS: a bad one: 3 keys are lost",
    "not run: talosctl: needs Talos",
  ]);
  expect(table.show()).toEqual([
    expect.stringMatching(/^ok {7}good {7} *\d+\.\d s {2}fine$/),
    expect.stringMatching(/^MISS {5}a bad one {2} *\d+\.\d s {2}3 keys are lost$/),
    expect.stringMatching(/^not run {2}talosctl {3} +needs Talos$/),
  ]);
});

it("goes on after a miss", async () => {
  const table = new Table(() => {});
  await table.check("one", () => Promise.reject(new Error("no")));
  await table.check("two", async () => "yes");
  expect(table.rows.map(({ result }) => result)).toEqual(["MISS", "ok"]);
});

it("calls what ends a section a miss of it, and goes on", async () => {
  const table = new Table(() => {});
  await table.section("kills", async () => {
    await table.check("one", async () => "yes");
    throw new Error("no server");
  });
  await table.section("damage", () => table.check("two", async () => "yes"));
  expect(table.rows.map(({ check, result }) => [check, result])).toEqual([
    ["one", "ok"],
    ["kills", "MISS"],
    ["two", "ok"],
  ]);
});
