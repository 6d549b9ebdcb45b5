import { describe, expect, test } from "vitest";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { environmentNames } from "../../../operations/cli/environment-argument.ts";
import type { Answers } from "../../../operations/cli/questions.ts";
import { type Ask, Cancelled } from "../../../operations/cli/terminal.ts";
import { type NewAppWorld, newAppCommand } from "../../../operations/new-app/command.ts";
import type { Lists } from "../../../operations/new-app/declared.ts";
import { essentialsOf } from "../../../operations/new-app/essentials.ts";
import { chartApp, environment, imageApp, problems } from "../../lib/app/lab.ts";

const INDEX = `import type { AppDeclaration } from "../lib/app/declaration.ts";
import { web } from "./web.ts";

export const apps: readonly AppDeclaration[] = [web];
`;
const PLAIN = {
  name: "it-tools",
  about: "Handy tools.",
  image: "corentinth/it-tools:2024.10.22",
  port: "80",
  "host-prod": "tools.example.org",
  size: "xs",
};
const CHART = {
  name: "pdf",
  about: "Works on PDFs.",
  "chart-repo": "https://charts.example.org",
  chart: "pdf-chart",
  "chart-version": "2.2.0",
  port: "8080",
  "host-prod": "pdf.example.org",
};

type Flags = Readonly<Record<string, string | readonly string[] | undefined>>;

const LISTS = ["secret", "priority-at", "resources-at", "replicas-at"] as const;

/** The options as the command line hands them over: lists, and all else. */
const given = (flags: Flags): [Answers, Lists] => [
  Object.fromEntries(
    Object.entries(flags).filter(([flag]) => !LISTS.some((list) => list === flag)),
  ) as Answers,
  Object.fromEntries(LISTS.map((list) => [list, [flags[list] ?? []].flat()])) as unknown as Lists,
];

/** A repository in memory with the app `web`, in an environment `prod` of its own. */
const run = async (flags: Flags, changes: Partial<NewAppWorld> = {}) => {
  const files = new Map([
    ["apps/index.ts", INDEX],
    ["apps/web.ts", ""],
  ]);
  const declarations: readonly AppDeclaration[] = changes.declarations ?? [imageApp()];
  const lines: string[] = [];
  const world: NewAppWorld = {
    declarations,
    prove: problems,
    essentials: (declaration, all) => {
      const found = essentialsOf(declaration, all, environment());
      return new Map(found ? [["prod", found]] : []);
    },
    exists: (path) => files.has(path),
    read: (path) => files.get(path) ?? "",
    write: (path, text, isNew) => {
      if (isNew && files.has(path)) throw new Error(`${path} is overwritten`);
      files.set(path, text);
    },
    writeBeside: (path, text) => void files.set(path, text),
    generate: async () => [],
    ask: undefined,
    ...changes,
  };
  try {
    const code = await newAppCommand(...given(flags), world, (line) => lines.push(line));
    return { code, text: lines.join("\n"), files };
  } catch (error) {
    return { code: 1, text: (error as Error).message, files };
  }
};

describe("npm run homelab -- new-app writes", () => {
  test("an image: its file, its test and its line", async () => {
    const { code, files, text } = await run(PLAIN);
    expect(code).toBe(0);
    expect([...files.keys()]).toEqual([
      "apps/index.ts",
      "apps/web.ts",
      "apps/it-tools.ts",
      "__tests__/apps/it-tools.test.ts",
    ]);
    expect(files.get("apps/it-tools.ts")).toContain(
      'export const itTools = app("it-tools", {"image":"corentinth/it-tools:2024.10.22","port":80,"host":{"prod":"tools.example.org"},"size":"xs"});',
    );
    expect(files.get("apps/index.ts")).toContain("= [itTools, web];");
    expect(files.get("__tests__/apps/it-tools.test.ts")).toContain(
      '["traefik/traefik → it-tools/it-tools 80/TCP"]',
    );
    expect(text).toContain("npm run homelab -- explain prod/it-tools");
  });

  test("a chart, with the usual places, those given, or none", async () => {
    const { files, text } = await run(CHART);
    expect(files.get("apps/pdf.ts")).toContain(
      '"places":{"priorityClassName":["priorityClassName"],"resources":["resources"],"replicas":["replicaCount"]}',
    );
    expect(text).toContain("check places and port in apps/pdf.ts against the chart's own values");
    const own = await run({
      ...CHART,
      "resources-at": ["a.resources", "b.resources"],
      "priority-at": "none",
    });
    expect(own.files.get("apps/pdf.ts")).toContain(
      '"places":{"priorityClassName":[],"resources":["a.resources","b.resources"],"replicas":["replicaCount"]}',
    );
  });

  test("size xs when nothing is said, a shared namespace and secrets when they are", async () => {
    const { files } = await run({ ...PLAIN, size: undefined, namespace: "tools", secret: ["/a/x", "/a/y"] });
    expect(files.get("apps/it-tools.ts")).toContain(
      '"size":"xs","namespace":"tools","secrets":["/a/x","/a/y"]',
    );
  });

  test("an app that nobody reaches, where and why", async () => {
    const { files } = await run({
      ...PLAIN,
      "host-prod": undefined,
      port: "none",
      env: "prod",
      isolated: "It only computes.",
    });
    expect(files.get("apps/it-tools.ts")).toContain(
      '"port":"none","environments":["prod"],"size":"xs","isolated":"It only computes."',
    );
  });
});

describe("npm run homelab -- new-app asks", () => {
  /** The questions about hosts, and the answers of somebody who wants the app in prod alone. */
  const HOST_QUESTIONS = environmentNames.map((name) => `Host name in ${name}; empty for none`);
  const HOST_ANSWERS = environmentNames.map((name) => (name === "prod" ? "t.example.org" : ""));

  /** Somebody who gives these answers, one after the other, and then empty ones. */
  const asking = async (flags: Flags, answers: readonly string[]) => {
    const questions: string[] = [];
    const refused: string[] = [];
    const rest = [...answers];
    const ask: Ask = async (question, problem) => {
      questions.push(question);
      for (;;) {
        const answer = rest.shift();
        const said = problem?.(answer ?? "");
        if (said === undefined) return answer ?? "";
        if (answer === undefined) throw new Error(`${question}: nobody answers any more: ${said}`);
        refused.push(said);
      }
    };
    return { ...(await run(flags, { ask })), questions, refused };
  };

  test("for what it has to know, an image", async () => {
    const { code, questions, files } = await asking({}, [
      "it-tools",
      "Handy.",
      "a/b:v1.0.0",
      ...HOST_ANSWERS,
      "80",
      "",
    ]);
    expect(questions).toEqual([
      "Name, a DNS label",
      "What it does, in one sentence",
      "Image with its tag; empty for a Helm chart",
      ...HOST_QUESTIONS,
      "Container port; none when nobody calls it",
      "Size of a pod, xs to xl [xs]",
    ]);
    expect(code).toBe(0);
    expect(files.get("apps/it-tools.ts")).toContain('"size":"xs"');
  });

  test("again, as soon as an answer is wrong, and says why", async () => {
    const names = ["IT tools", "web", "it-tools", "", "Handy.", "a/b:v1.0.0"];
    const answers = [...names, ...HOST_ANSWERS, "http", "80", "xxl", "m"];
    const { code, refused, files } = await asking({}, answers);
    expect(refused).toEqual([
      '--name: must be a DNS label, lower case: got "IT tools"',
      "apps/web.ts: is there already, and is not overwritten: choose another --name",
      "--about: must be given",
      '--port: must be a number, or none: got "http"',
      '--size: must be one of xs, s, m, l, xl: got "xxl"',
    ]);
    expect(code).toBe(0);
    expect(files.get("apps/it-tools.ts")).toContain('"size":"m"');
  });

  test("and leaves nothing when it is broken off", async () => {
    const ask = async () => {
      throw new Cancelled();
    };
    const { code, text, files } = await run({ name: "it-tools" }, { ask });
    expect([code, text, files.size]).toEqual([1, "broken off, nothing was done", 2]);
  });

  test("or a chart; not for what flags say", async () => {
    const { code, questions } = await asking({ ...CHART, "chart-version": undefined }, ["2.2.0"]);
    expect(questions).toEqual([
      "Exact version of the chart",
      ...HOST_QUESTIONS.filter((question) => !question.includes(" prod;")),
      "Size of a pod, xs to xl [xs]",
    ]);
    expect(code).toBe(0);
  });
});

describe("npm run homelab -- new-app refuses", () => {
  test("bad answers, all of them at once, and writes nothing", async () => {
    const { code, text, files } = await run({
      name: "IT_tools",
      image: "corentinth/it-tools",
      chart: "x",
      port: "http",
      about: "a */ b",
      "host-prod": "web.example.com",
      env: "prod",
      size: "xxl",
    });
    expect(code).toBe(1);
    expect(text.split("\n")).toEqual([
      "8 problems, nothing was written:",
      '  --image: must stand alone, not beside --chart: got "corentinth/it-tools"',
      '  --about: must be one line without */: got "a */ b"',
      '  --size: must be one of xs, s, m, l, xl: got "xxl"',
      '  --port: must be a number, or none: got "http"',
      '  --env: must not stand beside --host-prod, which say it: got "prod"',
      '  apps.IT_tools.name: must be a DNS label of at most 40 characters that begins with a letter: got "IT_tools"',
      '  apps.IT_tools.image: must be repository:tag with an exact tag, not latest: got "corentinth/it-tools"',
      '  apps.IT_tools.host.prod: must lie in example.org: got "web.example.com"',
    ]);
    expect([...files.keys()]).toEqual(["apps/index.ts", "apps/web.ts"]);
  });

  test.each<[string, Flags, string]>([
    [
      "a range as a version",
      { ...CHART, "chart-version": "^2" },
      'apps.pdf.chart.version: must be one exact version, not a range: got "^2"',
    ],
    ["a host of another app", { ...PLAIN, "host-prod": "web.example.org" }, "must be of one app; "],
    [
      "a secret's path that is none",
      { ...PLAIN, secret: "x" },
      "apps.it-tools.secrets: must be an absolute path of the secret store",
    ],
    [
      "an environment that there is not",
      { ...PLAIN, "host-prod": undefined, env: "test" },
      `--env: must be of ${environmentNames.join(", ")}: got "test"`,
    ],
    [
      "an app that nothing reaches, without a reason",
      { ...PLAIN, "host-prod": undefined, env: "prod" },
      "--isolated: must be given: ",
    ],
    [
      "a file that is there",
      { ...PLAIN, name: "web" },
      "apps/web.ts: is there already, and is not overwritten: choose another --name",
    ],
  ])("%s", async (_, flags, message) => {
    const { code, text } = await run(flags);
    expect(text).toContain(message);
    expect(code).toBe(1);
  });

  test("a name that is another's in code", async () => {
    const declarations = [chartApp({}, "it-tools")];
    const { text } = await run({ ...PLAIN, name: "it--tools" }, { declarations });
    expect(text).toContain('--name: must not be written like it-tools in code: got "it--tools"');
  });

  test("what is missing, flag by flag", async () => {
    const { code, text } = await run({});
    expect(code).toBe(1);
    for (const flag of ["name", "about", "chart-repo", "chart", "chart-version", "port", "isolated"])
      expect(text).toContain(`  --${flag}: must be given: `);
  });

  test("what synthesis refuses", async () => {
    const { code, text } = await run(PLAIN, { prove: () => ["capacity: the quotas must fit"] });
    expect([code, text]).toEqual([1, "1 problem, nothing was written:\n  capacity: the quotas must fit"]);
  });

  test("a list of apps in another form, before it writes", async () => {
    const { code, text, files } = await run(PLAIN, { read: () => "export const apps = all();" });
    expect(text).toMatch(/^apps\/index\.ts: must import each app/);
    expect([code, files.size]).toEqual([1, 2]);
  });
});
