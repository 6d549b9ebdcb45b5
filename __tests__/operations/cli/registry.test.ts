/** Every command of `homelab` keeps to one convention. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { commands } from "../../../labs/commands/index.ts";
import { UsageError } from "../../../lib/core/usage-error.ts";
import type { Definition } from "../../../operations/cli/definition.ts";
import { everyCommand, homelab } from "../../../operations/cli/homelab.ts";
import { reference } from "../../../operations/cli/reference.ts";
import { commands as page } from "../../../operations/commands/commands.ts";
import { doctor } from "../../../operations/commands/doctor.ts";
import { commandLineProblems, program } from "./command-lines.ts";
import { run } from "./run.ts";

const all = async (...args: readonly string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    out: (text: string) => out.push(text),
    err: (text: string) => err.push(text),
    cwd: process.cwd(),
    ask: undefined,
  };
  return { code: await homelab(commands, args, terminal), out: out.join("\n"), err: err.join("\n") };
};

const commandOf = (definition: Definition) => {
  const command = program.commands.find((each) => each.name() === definition.name);
  if (!command) throw new Error(`no command ${definition.name}`);
  return everyCommand(command);
};

describe.each(commands.map((definition) => ({ ...definition, definition })))(
  "$name",
  ({ name, definition }) => {
    test("help tells what it does, with examples and exit codes", async () => {
      const { code, out, err } = await run(definition, "--help");
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Usage: homelab /);
      for (const part of ["\nExamples:\n", `\n  homelab ${name}`, "\nExit codes:\n  0"])
        expect(out).toContain(part);
      expect(out).toMatch(/\n {2}2 +called wrongly/);
    });

    test("its examples are command lines of it", () => {
      expect(definition.examples.length).toBeGreaterThan(0);
      for (const [line] of definition.examples) {
        expect(line).toMatch(new RegExp(`^${name}\\b`));
        expect(commandLineProblems(`npx homelab ${line}`)).toEqual([]);
      }
    });

    test("an option that it does not know is refused on standard error, with the nearest, and 2", async () => {
      for (const command of commandOf(definition)) {
        const path = command.parent?.name() === name ? [command.name()] : [];
        const needed = command.options
          .filter(({ mandatory, defaultValue }) => mandatory && defaultValue === undefined)
          .flatMap(({ long }) => [long ?? "", "x"]);
        const { code, out, err } = await run(definition, ...path, ...needed, "--hepl");
        expect([code, out]).toEqual([2, ""]);
        expect(err).toContain("error: unknown option '--hepl'\n(Did you mean --help?)");
      }
    });

    test("the shape of what it prints as JSON is documented", () => {
      const printsJson = commandOf(definition).some(({ options }) =>
        options.some(({ long }) => long === "--json"),
      );
      expect(definition.json !== undefined).toBe(printsJson);
    });

    test("each argument and option says what it is", () => {
      for (const { options, registeredArguments } of commandOf(definition))
        for (const { description } of [...options, ...registeredArguments]) expect(description).not.toBe("");
    });
  },
);

/** Commands that report nothing: they write files, or print a text that is for people alone. */
const NO_REPORT = [
  ...[
    "admission-facts",
    "admission-verdicts",
    "cdktn",
    "chart-facts",
    "chart-keys",
    "commands",
    "conformance",
  ],
  ...[
    "deploy",
    "diagrams",
    "environments",
    "github",
    "handover",
    "judging",
    "logical-ids",
    "new-app",
    "new-environment",
  ],
  ...["providers", "publish-report", "remove-app", "report", "runbook", "scope", "stacks"],
];

test("what reports something, reports as JSON as well", () => {
  const without = commands.filter(({ json }) => json === undefined).map(({ name }) => name);
  expect(without.filter((name) => !NO_REPORT.includes(name))).toEqual([]);
});

describe("the program", () => {
  test("lists every command, and says so on standard error without one", async () => {
    const { code, out } = await all("--help");
    expect(code).toBe(0);
    for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} `, "m"));
    expect(await all()).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Commands:") });
  });

  test("a command that there is not is refused with the nearest", async () => {
    const { code, out, err } = await all("deplyo", "dev");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("unknown command 'deplyo'\n(Did you mean deploy?)");
  });

  test.each([
    [["doctor", "prd"], 'no environment "prd": did you mean prod? known are dev, prod'],
    [["explain", "dev/whoamy"], 'no app "whoamy": did you mean whoami?'],
    [
      ["deploy", "dev-cluster", "--node", "davina"],
      /--node: no node "davina": did you mean \w+\? known are /,
    ],
    [["ownership", "--gitops", ".", "--env", "staging"], 'no environment "staging"'],
    [["runbook", "dev", "ectd"], 'no scenario "ectd": did you mean etcd?'],
    [["guard", "none.json"], "none.json: there is no such file"],
  ])("%j: names what is known, and exits with 2", async (args, message) => {
    const { code, out, err } = await all(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });

  test("what a handler refuses is a line without a stack, and 1; what was called wrongly is 2", async () => {
    const failing = (error: Error): Definition => ({
      ...doctor,
      build: (command, run) =>
        command.action(
          run(() => {
            throw error;
          }),
        ),
    });
    expect(await run(failing(new TypeError("no")))).toEqual({ code: 1, out: "", err: "error: no" });
    expect(await run(failing(new UsageError("no")))).toMatchObject({ code: 2, out: "" });
  });

  const homelabOf = (...args: readonly string[]) =>
    execFileSync(process.execPath, ["bin/homelab.mjs", "complete", ...args], { encoding: "utf8" });

  test.each(["bash", "zsh", "fish"])("has a script that completes in %s", (shell) => {
    expect(homelabOf(shell)).toContain("homelab");
  });

  test("completes the names of environments", () => {
    expect(homelabOf("--", "doctor", "")).toContain("prod");
  });
});

test("docs/commands.md is current: npm run homelab -- commands --write", async () => {
  expect(readFileSync("docs/commands.md", "utf8")).toBe(reference(program));
  expect(await run(page)).toMatchObject({ code: 1, out: "docs/commands.md is stale" });
});
