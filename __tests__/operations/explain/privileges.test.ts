import { expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import { explain } from "../../../operations/explain/explanation.ts";
import { explanationText } from "../../../operations/explain/explanation-text.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { parsed } from "../../stacks/homelab.ts";

const around = surroundingsOf(parsed("dev"), apps);
const textOf = (name: string): string => {
  const app = [...around.catalogue.apps.values()].find((each) => each.name === name);
  if (!app) throw new Error(`no app ${name}`);
  return explanationText(explain(app, around, undefined));
};

test("privileges are said with their reason, and the node's network with what it means", () => {
  const text = textOf("node-exporter");
  expect(text).toMatch(/privileges\n {2}why {2}reads the node's own counters/);
  expect(text).toContain("to every policy it is the node, and has all flows of the node");
  expect(text).toContain("be privileged: every device of its node");
  expect(text).toContain("mount /proc, /sys, /var");
});

test("an app without privileges says nothing of them", () => {
  expect(textOf("whoami")).not.toContain("privileges");
});
