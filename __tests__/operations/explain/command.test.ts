import { describe, expect, test } from "vitest";
import type { PerEnvironment } from "../../../environments/names.ts";
import type { Environment } from "../../../environments/schema.ts";
import { app } from "../../../lib/app/declaration.ts";
import { UsageError } from "../../../lib/core/usage-error.ts";
import { type ExplainWorld, explainCommand } from "../../../operations/explain/command.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { chartsWhereTheyAreCurrent, environments, withoutPrivilegedApps } from "../../stacks/homelab.ts";

const plain = (name: string, host: PerEnvironment<string>) =>
  app(name, { image: "example/x:v1.0.0", port: 80, host, size: "xs" });
const declarations = [
  plain("whoami", { dev: "whoami.dev.truxonline.com" }),
  plain("radar", { prod: "radar.truxonline.com" }),
  plain("mealie", { prod: "mealie.truxonline.com" }),
];
const dev = environments(withoutPrivilegedApps).find(({ name }) => name === "dev") as Environment;

const run = (name: string, changes: Partial<ExplainWorld> = {}, json = false) => {
  const lines: string[] = [];
  const world: ExplainWorld = {
    environments: ["dev", "prod"],
    declarations,
    surroundings: () => surroundingsOf(dev, declarations, chartsWhereTheyAreCurrent),
    linesOf: () => 9,
    ...changes,
  };
  const code = explainCommand(name, json, world, (line) => lines.push(line));
  return { code, text: lines.join("\n") };
};

describe("npm run homelab -- explain", () => {
  test("prints the report, or the same as JSON", () => {
    const { code, text } = run("dev/whoami");
    expect(code).toBe(0);
    expect(text).toMatch(/^dev\/whoami: image example\/x:v1.0.0 /);
    const json = JSON.parse(run("dev/whoami", {}, true).text);
    expect(json).toMatchObject({
      environment: "dev",
      app: "whoami",
      cost: { lines: 9, vixens: { files: 14 } },
    });
  });

  const surroundings = () => {
    throw new Error("2 problems, nothing was written:\n  a\n  b");
  };

  test.each([
    ["an unknown app, with the nearest", "dev/whoamy", 'no app "whoamy": did you mean whoami? '],
    ["an unknown environment", "prd/whoami", 'no environment "prd": did you mean prod? known are dev, prod'],
    ["both at once", "deb/rader", /no environment "deb": .*\nno app "rader": did you mean radar\?/],
    ["an app that lives elsewhere", "prod/whoami", "app whoami does not live in prod: it lives in dev"],
    ["no app", "whoami", "must name one <environment>/<app>: got whoami"],
    ["too much", "dev/a/b", "must name one <environment>/<app>: got dev/a/b"],
    ["no environment", "/whoami", "must name one <environment>/<app>: got /whoami"],
  ])("refuses %s", (_, name, message) => {
    expect(() => run(name, { surroundings })).toThrow(UsageError);
    expect(() => run(name, { surroundings })).toThrow(message);
  });

  test("says what is refused when the homelab does not synthesize", () => {
    expect(() => run("dev/whoami", { surroundings })).toThrow("2 problems, nothing was written:\n  a\n  b");
  });
});
