import { describe, expect, test } from "vitest";
import type { PerEnvironment } from "../../../environments/names.ts";
import type { Environment } from "../../../environments/schema.ts";
import { app } from "../../../lib/app/declaration.ts";
import { type ExplainWorld, explainCommand } from "../../../operations/explain/command.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { environments, withoutPrivilegedApps } from "../../stacks/homelab.ts";

const plain = (name: string, host: PerEnvironment<string>) =>
  app(name, { image: "example/x:v1", port: 80, host, size: "xs" });
const declarations = [
  plain("whoami", { dev: "whoami.dev.truxonline.com" }),
  plain("radar", { prod: "radar.truxonline.com" }),
  plain("mealie", { prod: "mealie.truxonline.com" }),
];
const dev = environments(withoutPrivilegedApps).find(({ name }) => name === "dev") as Environment;

const run = (args: readonly string[], changes: Partial<ExplainWorld> = {}) => {
  const lines: string[] = [];
  const world: ExplainWorld = {
    environments: ["dev", "prod"],
    declarations,
    surroundings: () => surroundingsOf(dev, declarations),
    linesOf: () => 9,
    ...changes,
  };
  const code = explainCommand(args, world, (line) => lines.push(line));
  return { code, text: lines.join("\n") };
};

describe("npm run homelab -- explain", () => {
  test("prints the report, or the same as JSON", () => {
    const { code, text } = run(["dev/whoami"]);
    expect(code).toBe(0);
    expect(text).toMatch(/^dev\/whoami: image example\/x:v1 /);
    const json = JSON.parse(run(["dev/whoami", "--json"]).text);
    expect(json).toMatchObject({
      environment: "dev",
      app: "whoami",
      cost: { lines: 9, vixens: { files: 14 } },
    });
  });

  test.each([
    ["an unknown app, with the nearest", "dev/whoamy", 'no app "whoamy": the nearest is whoami, then '],
    [
      "an unknown environment, with the nearest",
      "prd/whoami",
      'no environment "prd": the nearest is prod, then dev',
    ],
    [
      "both at once",
      "deb/rader",
      'no environment "deb": the nearest is dev, then prod\nno app "rader": the nearest is radar, then ',
    ],
    ["an app that lives elsewhere", "prod/whoami", "app whoami does not live in prod: it lives in dev"],
  ])("refuses %s", (_, name, message) => {
    const surroundings = () => {
      throw new Error("must not be looked at");
    };
    const { code, text } = run([name], { surroundings });
    expect(text).toContain(message);
    expect(code).toBe(2);
  });

  test.each([
    [[]],
    [["whoami"]],
    [["dev/whoami", "dev/radar"]],
    [["dev/a/b"]],
    [["/whoami"]],
    [["dev/whoami", "--yaml"]],
  ])("shows its usage for %j", (args) => {
    const { code, text } = run(args);
    expect(text).toContain("usage: npm run homelab -- explain <environment>/<app> [--json]");
    expect(code).toBe(2);
  });

  test("says what is refused when the homelab does not synthesize, without a stack trace", () => {
    const surroundings = () => {
      throw new Error("2 problems, nothing was written:\n  a\n  b");
    };
    expect(run(["dev/whoami"], { surroundings })).toEqual({
      code: 1,
      text: "2 problems, nothing was written:\n  a\n  b",
    });
  });
});
