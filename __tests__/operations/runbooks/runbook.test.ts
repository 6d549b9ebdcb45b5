import { expect, test } from "vitest";
import { type Runbook, runbookMarkdown } from "../../../operations/runbooks/runbook.ts";

const runbook: Runbook = {
  name: "flood",
  title: "Water in the cellar",
  notice: ["It is wet."],
  loses: { value: "nothing", basis: "computed", why: "Nothing is down there." },
  takes: { value: "1 h", basis: "estimated", why: "With one pump." },
  steps: [
    { title: "Think", notes: ["Slowly."] },
    { title: "Pump", commands: ["pump --on", "pump --status"], until: "it is dry" },
    { title: "Look", commands: ["look"], ranBy: "drill" },
    { title: "Deploy", commands: ["deploy"], ranBy: "end-to-end run" },
  ],
  worked: ["Dry feet."],
};
const text = runbookMarkdown("dev", runbook);

test("what nobody has run is marked, what the drill runs is marked as that, and what is no command is not", () => {
  expect(text).toContain("### 1. Think\n- Slowly.");
  expect(text).toContain("### 2. Pump\n*Not run: nobody has done this on a Talos machine.*");
  expect(text).toContain("### 3. Look\n*Run by the drill, with the same commands");
  expect(text).toContain("### 4. Deploy\n*Run by `npm run homelab -- e2e`, with the same commands");
});

test("commands stand in one block, with what must be seen", () => {
  expect(text).toContain("```sh\npump --on\npump --status\n```\n\nGo on only when: it is dry.");
});

test("figures say where they come from", () => {
  expect(text).toContain("**Lost at most (RPO):** **nothing** (computed). Nothing is down there.");
  expect(text).toContain("**Takes (RTO):** **1 h** (estimated). With one pump.");
});

test("warnings stand before all else", () => {
  expect(text).not.toContain("As things are");
  const warned = runbookMarkdown("dev", { ...runbook, warnings: ["There is no pump."] });
  expect(warned.indexOf("> **As things are:** There is no pump.")).toBeLessThan(
    warned.indexOf("How you notice"),
  );
});

test("says which command writes it, and ends with one newline", () => {
  expect(text).toContain("`npm run homelab -- runbook dev flood`");
  expect(text).toMatch(/[^\n]\n$/);
});
