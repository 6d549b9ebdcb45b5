import { describe, expect, test } from "vitest";
import {
  driftReport,
  isComplete,
  passes,
  type Review,
  review,
  reviewMarkdown,
  reviewText,
} from "../../../operations/deploy/review.ts";
import { environment, judge, planOf, recorded, TODAY } from "../guard/plans.ts";

const SECRET = "hunter2";
const update = (address: string) => ({
  address,
  actions: ["update"],
  before: { data: SECRET },
  after: { data: `${SECRET}!` },
});
const drifted = {
  resource_drift: [
    {
      address: "kubernetes_config_map_v1.by_hand",
      mode: "managed",
      type: "thing",
      name: "by_hand",
      change: { actions: ["update"], before: { data: SECRET }, after: { data: "changed" } },
    },
  ],
};

const found = (stack: string, plan: string, changes = true): Review => ({
  stack,
  found: { verdict: judge(plan), changes },
});
const same = found("dev-backup", planOf([]), false);
const changed = found(
  "dev-apps",
  planOf([update("kubernetes_config_map_v1.a"), update('kubernetes_config_map_v1.b["x`y"]')], drifted),
);
const broken: Review = {
  stack: "dev-cluster",
  found: { failed: `terraform plan: Error: bad value ${SECRET}` },
};
const refused = found("dev-platform", recorded("platform"));

describe("a report of drift", () => {
  test("names what was changed by hand and what differs, by address", () => {
    expect(driftReport([same, changed])).toBe(`## dev-apps

A deploy would say: 2 to change.

Changed by somebody else:

- \`kubernetes_config_map_v1.by_hand\`

Differs from the project:

- \`update: kubernetes_config_map_v1.a\`
- \`update: kubernetes_config_map_v1.b["x'y"]\`

To go on: when the change by hand was wrong, \`npm run homelab -- deploy\` puts it right; when it was right, write it into the
project first. What only differs because it was not deployed yet goes away with the deploy.
`);
  });

  test("there is none when a deploy would do nothing, whatever providers report as changed", () => {
    expect(driftReport([same, found("dev-apps", planOf([], drifted), false)])).toBeUndefined();
  });

  test("a stack that could not be planned is in it: nothing is known of it", () => {
    expect(driftReport([same, broken])).toContain("## dev-cluster\n\nCould not be planned");
  });
});

test("nothing that is published holds a value, nor what Terraform said", () => {
  const all = [same, changed, broken, refused];
  for (const text of [driftReport(all), reviewMarkdown(all)]) {
    expect(text).toContain("kubernetes_config_map_v1.a");
    expect(text).not.toContain(SECRET);
  }
});

test("the log says why a stack could not be planned", () => {
  expect(reviewText([broken])).toBe(`dev-cluster: NOT PLANNED: terraform plan: Error: bad value ${SECRET}`);
});

test("the Markdown has a part for each stack", () => {
  const headings = reviewMarkdown([changed, broken, refused])
    .split("\n")
    .filter((line) => line.startsWith("###"));
  expect(headings).toEqual([
    "### ✅ dev-apps: passes the guard",
    "### ❌ dev-cluster: could not be planned",
    "### ❌ dev-platform: refused",
  ]);
});

test("every stack is planned, whatever becomes of the others, and locked unless nobody will apply it", () => {
  const ok = { ok: true, output: "", error: "" };
  const planned: string[] = [];
  const terraform = {
    init: (directory: string) => ({ ...ok, ok: !directory.endsWith("dev-cluster"), error: "no backend" }),
    plan: (directory: string, file: string, targets: readonly string[], lock: boolean) => {
      planned.push([directory, file, ...targets, lock].join(" "));
      return { ...ok, changes: false };
    },
    showJson: () => ({ ...ok, output: planOf([]) }),
    showText: () => ok,
    apply: () => {
      throw new Error("a review applies nothing");
    },
  };
  const stacks = ["dev-cluster", "dev-apps"].map((name) => ({ environment: "dev", production: false, name }));
  const tools = { terraform, guardOptions: () => ({ environment: environment(), today: TODAY }) };
  const look = (limits: { lock?: boolean }) => review(stacks, tools, (name) => `/plans/${name}`, limits);
  expect(look({})).toMatchObject([
    { stack: "dev-cluster", found: { failed: "terraform init: no backend" } },
    { stack: "dev-apps", found: { changes: false } },
  ]);
  look({ lock: false });
  expect(planned).toEqual([
    "cdktf.out/stacks/dev-apps /plans/dev-apps true",
    "cdktf.out/stacks/dev-apps /plans/dev-apps false",
  ]);
});

test.each([
  [[same, changed], true, true],
  [[same, refused], true, false],
  [[same, broken], false, false],
])("complete and passing, %#", (reviews, complete, passing) => {
  expect([isComplete(reviews), passes(reviews)]).toEqual([complete, passing]);
});
