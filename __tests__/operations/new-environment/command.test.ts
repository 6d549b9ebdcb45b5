import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { environments } from "../../../environments/index.ts";
import { type EnvironmentInput, parseEnvironment } from "../../../environments/schema.ts";
import { home } from "../../../examples/one-node/environment.ts";
import { type Answers, asked, completed } from "../../../operations/cli/questions.ts";
import { refusalsOf } from "../../../operations/cli/refusals.ts";
import { type Ask, Cancelled } from "../../../operations/cli/terminal.ts";
import {
  type NewEnvironmentWorld,
  newEnvironmentCommand,
} from "../../../operations/new-environment/command.ts";
import { draftOf, fileOf } from "../../../operations/new-environment/draft.ts";
import { ENVIRONMENT_QUESTIONS } from "../../../operations/new-environment/questions.ts";

const TODAY = "2026-11-23";
const GIVEN = {
  name: "attic",
  domain: "attic.example.net",
  address: "10.7.0.30/24",
  mac: "7C:83:34:0A:00:01",
};
const answers = completed(ENVIRONMENT_QUESTIONS, GIVEN);

/** Refusals of a real synthesis. */
const prove: NewEnvironmentWorld["prove"] = (environment) => refusalsOf([environment]);

/** A checkout in memory, whose lists are the real ones. */
const run = async (given: Answers, changes: Partial<NewEnvironmentWorld> = {}) => {
  const written = new Map<string, string>();
  const lines: string[] = [];
  const world: NewEnvironmentWorld = {
    environments,
    today: TODAY,
    exists: () => false,
    read: (path) => readFileSync(path, "utf8"),
    write: (path, text) => written.set(path, text),
    prove: () => [],
    generate: async () => [],
    ask: undefined,
    ...changes,
  };
  try {
    const code = await newEnvironmentCommand(given, world, (line) => lines.push(line));
    return { code, text: lines.join("\n"), written };
  } catch (error) {
    return { code: 1, text: (error as Error).message, written };
  }
};

describe("homelab new-environment", () => {
  test("writes the environment, its line, and room for what its charts become", async () => {
    const { code, written } = await run(GIVEN);
    expect(code).toBe(0);
    expect([...written.keys()]).toEqual([
      "environments/attic.ts",
      "environments/recorded/charts/attic.json",
      "environments/index.ts",
      "environments/recorded/chart-facts.ts",
    ]);
    expect(written.get("environments/index.ts")).toMatch(
      /import \{ attic \} from "\.\/attic\.ts";[\s\S]*= \[[^\]]*, attic\];/,
    );
    expect(written.get("environments/recorded/chart-facts.ts")).toMatch(/const RECORDED = \{[^}]*, attic\}/);
  });

  test("a name with dashes is written as code can say it", async () => {
    const { written } = await run({ ...GIVEN, name: "my-attic" });
    expect(written.get("environments/my-attic.ts")).toContain("export const myAttic: EnvironmentInput");
    expect(written.get("environments/recorded/chart-facts.ts")).toContain('"my-attic": myAttic');
  });

  test("what it writes is what it judged", () => {
    const code = fileOf(answers, TODAY)
      .replace(/^import .*$/m, "")
      .replace(/export const \w+: EnvironmentInput =/, "return");
    expect(JSON.parse(JSON.stringify(new Function(code)()))).toEqual(draftOf(answers, TODAY));
  });

  test("with workers as well: each under its name, address and card", () => {
    const two = completed(ENVIRONMENT_QUESTIONS, { ...GIVEN, workers: "loft=10.7.0.31=7c:83:34:0A:00:02" });
    const code = fileOf(two, TODAY)
      .replace(/^import .*$/m, "")
      .replace(/export const \w+: EnvironmentInput =/, "return");
    const data = draftOf(two, TODAY);
    expect(JSON.parse(JSON.stringify(new Function(code)()))).toEqual(data);
    expect(data.nodes).toMatchObject([
      { name: "mini", role: "controlplane" },
      { name: "loft", role: "worker", mac: "7c:83:34:0a:00:02", interface: "enx7c83340a0002" },
    ]);
    expect(data.loadBalancer.interfaces).toEqual(["^enx7c83340a0001$", "^enx7c83340a0002$"]);
    // The usual virtual IP is the worker's address, so the next one is taken.
    expect(data.cluster.vip).toBe("10.7.0.32");
  });

  test.each<[string, Record<string, string>]>([
    ["a network that holds the usual ones of pods and Services", { address: "10.0.0.10/8" }],
    ["the first address of a network", { address: "10.7.0.1/24" }],
    ["the last one", { address: "10.7.0.254/24" }],
    ["one among the addresses that Services would have", { address: "10.7.0.240/24" }],
    ["a small network", { address: "10.7.0.10/28" }],
    ["a resolver where Services would be", { nameserver: "10.7.0.235" }],
    ["a name that TypeScript has in use", { name: "class" }],
    ["a worker", { workers: "loft=10.7.0.31=7c:83:34:0a:00:02" }],
  ])("what is usual beside it synthesizes: %s", async (_, changes) => {
    const { code, text } = await run({ ...GIVEN, ...changes }, { environments: [], prove });
    expect([code, text]).toEqual([0, expect.stringContaining("is written")]);
  });

  test("the environment is the one that was asked for, and nothing of the sample is left in it", () => {
    const { cluster, loadBalancer, nodes, edge } = parseEnvironment(draftOf(answers, TODAY), {
      today: TODAY,
    });
    expect(`${cluster.vip} ${loadBalancer.static.start} ${loadBalancer.automatic.stop} ${edge.domain}`).toBe(
      "10.7.0.31 10.7.0.230 10.7.0.249 attic.example.net",
    );
    expect(nodes).toMatchObject([{ name: "mini", interface: "enx7c83340a0001" }]);
    expect(nodes.flatMap(({ nameservers }) => nameservers.map(String))).toEqual(["10.7.0.1"]);
    expect(fileOf(answers, TODAY)).not.toMatch(/192\.168\.1\.|home\.example|7c8334000001|terravixens/);
  });

  test("each answer is judged as it is given, beside the environments that there are", async () => {
    const said = new Map<string, string | undefined>();
    const tried: Record<string, string> = {
      name: "prod",
      address: "192.168.111.190/24",
      vip: "10.9.9.9",
      gateway: "10.7.0.300",
      mac: "7c:83",
      memory: "lots",
    };
    const right: string[] = [];
    const ask: Ask = async (question, problem) => {
      const { flag = "" } = ENVIRONMENT_QUESTIONS.find((each) => question.startsWith(each.ask)) ?? {};
      const wrong = tried[flag];
      if (wrong !== undefined) said.set(flag, problem?.(wrong));
      const answer = (GIVEN as Record<string, string>)[flag] ?? "";
      const refused = problem?.(answer);
      if (refused) right.push(refused);
      return answer;
    };
    // The command line hands over each flag, those that nobody gave as well.
    const none = Object.fromEntries(ENVIRONMENT_QUESTIONS.map(({ flag }) => [flag, undefined]));
    const { code, text } = await run(none, { ask });
    expect([code, text.split("\n")[0]]).toEqual([
      0,
      expect.stringContaining("environments/attic.ts is written"),
    ]);
    expect(right).toEqual([]);
    expect(said.get("name")).toBe("--name: there is an environment prod already");
    expect(said.get("address")).toContain("must not be shared between environments");
    expect(said.get("vip")).toContain("cluster.vip");
    expect(said.get("gateway")).toContain("10.7.0.300");
    expect(said.get("mac")).toContain('got "7c:83"');
    expect(said.get("memory")).toContain('got "lots"');
  });

  test("broken off, it leaves nothing", async () => {
    const ask: Ask = async (question) => {
      if (question.startsWith("MAC")) throw new Cancelled();
      return "";
    };
    const { code, text, written } = await run({ domain: "a.example.org", address: "10.7.0.3/24" }, { ask });
    expect([code, text, written.size]).toEqual([1, "broken off, nothing was done", 0]);
  });

  test.each<[Record<string, string>, RegExp]>([
    [
      { name: "attic" },
      /^3 problems, nothing was written:[\s\S]*--domain: .*[\s\S]*--address: .*[\s\S]*--mac: /,
    ],
    [{ ...GIVEN, name: "1st" }, /--name: must be a DNS label that begins with a letter/],
    [{ ...GIVEN, services: "10.7.0.20-10.7.0.40" }, /nodes\.mini\.vlans/],
    [{ ...GIVEN, name: "chart-facts" }, /--name: must be a name that .* have not in use: got "chart-facts"/],
    [
      { ...GIVEN, address: "10.7.0.30" },
      /^1 problem, [^\n]*\n {2}--address: must be an IPv4 address with a prefix length/,
    ],
    [{ ...GIVEN, address: "fd00::30/64" }, /^1 problem, [^\n]*\n {2}--address: must be IPv4: IPv6/],
    [{ ...GIVEN, workers: "loft" }, /^1 problem, [^\n]*\n {2}--workers: must be NAME=ADDRESS=MAC/],
    [{ ...GIVEN, workers: "loft=10.8.0.3=7c:83:34:0a:00:02" }, /--workers: attic\.nodes\.loft\.vlans/],
    [{ ...GIVEN, gateway: "10.8.0.1" }, /--gateway: attic\.nodes\.mini\.vlans\[0\]\.gateway: /],
    [{ ...GIVEN, cpu: "2", memory: "4Gi" }, /attic: the quotas must fit the only node: short of \d+m cpu/],
    [{ ...GIVEN, services: "somewhere" }, /loadBalancer\.static\.start: .*got "somewhere"/],
  ])("refuses %j", async (given, message) => {
    const { code, text, written } = await run(given, { prove });
    expect([code, written.size]).toEqual([1, 0]);
    expect(text).toMatch(message);
  });

  test("what could not be generated is named, with exit code 1", async () => {
    const { code, text } = await run(GIVEN, {
      generate: async () => ["node bin/homelab.mjs diagrams: exit code 1"],
    });
    expect([code, text]).toEqual([1, expect.stringContaining("homelab.mjs diagrams: exit code 1")]);
  });

  test("the sample says something about each part of an environment", () => {
    const sample = readFileSync("examples/one-node/environment.ts", "utf8");
    const parts = Object.keys(home satisfies EnvironmentInput);
    for (const part of parts) expect(sample, part).toMatch(new RegExp(`//[^\\n]*\\n  ${part}:`));
  });

  test("a default follows from the answers before it", async () => {
    const shown: string[] = [];
    await asked(
      ENVIRONMENT_QUESTIONS,
      { ...GIVEN },
      async (question) => {
        shown.push(question);
        return "";
      },
      () => undefined,
    );
    expect(shown).toContain("Address of the router [10.7.0.1]");
  });
});
