import { describe, expect, test } from "vitest";
import { displayChanges, markdownChanges } from "../../../operations/reach/change-report.ts";
import type { EnvironmentChanges, FlowChange } from "../../../operations/reach/changes.ts";

const flow: FlowChange = {
  change: "opened",
  from: ["media/any-app"],
  to: ["internet"],
  ports: ["443/TCP"],
  by: ["egress: allowed by CiliumNetworkPolicy media/out spec.egress[0]"],
};

const nothing: EnvironmentChanges = {
  environment: "prod",
  presence: "both",
  flows: [],
  policies: { added: [], removed: [], changed: [] },
  agent: [],
  notes: [],
};

describe("for a terminal", () => {
  test("no change is one line", () => {
    expect(displayChanges([{ ...nothing, environment: "dev" }, nothing])).toBe(
      "dev: no change\nprod: no change",
    );
  });

  test("each flow with what did it, and everything else below", () => {
    const changes: EnvironmentChanges = {
      ...nothing,
      flows: [flow, { ...flow, change: "closed" }, { ...flow, change: "closed" }],
      policies: { added: ["CiliumNetworkPolicy media/out"], removed: [], changed: [] },
      agent: ["policies: audited → enforced"],
      notes: ["a note"],
    };
    expect(displayChanges([changes]).split("\n")).toEqual([
      "prod: 1 opened, 2 closed",
      "  opened: media/any-app → internet on 443/TCP",
      "    egress: allowed by CiliumNetworkPolicy media/out spec.egress[0]",
      "  closed: media/any-app → internet on 443/TCP",
      expect.any(String),
      "  closed: media/any-app → internet on 443/TCP",
      expect.any(String),
      "  policies: audited → enforced",
      "  policies added: CiliumNetworkPolicy media/out",
      "  a note",
    ]);
  });

  test("many names are counted", () => {
    const from = Array.from({ length: 9 }, (_, at) => `ns-${at}/any-app`);
    expect(displayChanges([{ ...nothing, flows: [{ ...flow, from }] }])).toContain(
      "ns-5/any-app and 3 more → internet",
    );
  });

  test.each([
    ["added", "prod: only in the new output"],
    ["removed", "prod: only in the old output"],
  ] as const)("an environment that was %s", (presence, text) => {
    expect(displayChanges([{ ...nothing, presence }])).toBe(text);
  });

  test('a change of the agent alone is no "no change"', () => {
    expect(displayChanges([{ ...nothing, agent: ["Cilium: 1.18.3 → 1.19.0"] }])).toBe(
      "prod: no flow changed\n  Cilium: 1.18.3 → 1.19.0",
    );
  });
});

describe("for a pull request", () => {
  test("a table for each environment", () => {
    expect(markdownChanges([{ ...nothing, flows: [flow] }]).split("\n")).toEqual([
      "### prod: 1 opened",
      "",
      "| flow | from | to | ports | by |",
      "|---|---|---|---|---|",
      "| **opened** | media/any-app | internet | 443/TCP | egress: allowed by CiliumNetworkPolicy media/out spec.egress\\[0\\] |",
    ]);
  });

  test("no name becomes markup", () => {
    const text = markdownChanges([
      { ...nothing, flows: [{ ...flow, from: ["a|b<img src=x>`*_[x](y)"] }], notes: ["<b>"] },
    ]);
    expect(text).toContain("a\\|b&lt;img src=x&gt;\\`\\*\\_\\[x\\](y)");
    expect(text).toContain("- &lt;b&gt;");
    expect(text).not.toContain("<img");
  });

  test("no change has no table", () => {
    expect(markdownChanges([nothing])).toBe("### prod: no change");
  });
});
