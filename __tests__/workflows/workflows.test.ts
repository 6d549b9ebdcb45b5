import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { LIVE_POLICIES } from "../../operations/reach/live.ts";
import { readWorkflow, type Workflow, workflowProblems } from "./rules.ts";

const DIRECTORY = ".github/workflows";
const texts = new Map(
  readdirSync(DIRECTORY).map((file) => [basename(file, ".yml"), readFileSync(join(DIRECTORY, file), "utf8")]),
);
const text = (name: string): string => texts.get(name) ?? "";
const workflow = (name: string): Workflow => readWorkflow(text(name));

test.each([...texts.keys()])("%s keeps to the rules", (name) => {
  expect(workflowProblems(name, text(name))).toEqual([]);
});

describe("each rule refuses what breaks it", () => {
  const breaks = (name: string, from: string | RegExp, to: string): string[] => {
    const broken = text(name).replace(from, to);
    expect(broken).not.toBe(text(name));
    return workflowProblems(name, broken);
  };

  test.each([
    ["an action by its tag", "checks", /(setup-node)@[0-9a-f]{40}/, "$1@v7", "pinned by a commit"],
    ["a commit that does not say its version", "checks", / # v7\.0\.0/, "", "pinned by a commit"],
    [
      "a trigger that trusts strangers",
      "pull-request",
      "pull_request:",
      "pull_request_target:",
      "triggered by pull_request_target",
    ],
    [
      "a job without permissions",
      "checks",
      /\n {4}permissions:\n {6}contents: read/,
      "",
      "must name its permissions",
    ],
    [
      "rights for all jobs",
      "deploy",
      "permissions: {}",
      "permissions: write-all",
      "must begin without permissions",
    ],
    [
      "a right to write that is not needed",
      "deploy",
      "contents: read",
      "contents: write",
      "must not have contents: write",
    ],
    [
      "a job without an end",
      "nightly",
      /\n {4}timeout-minutes: 45/,
      "",
      "nightly.yml: drift: must have a time limit",
    ],
    [
      "a fork on the homelab's runner",
      "pull-request",
      / && github\.event\.pull_request\.head\.repo\.full_name == github\.repository/,
      "",
      "fork's code",
    ],
    [
      "an expression in a script",
      "pull-request",
      '--pull-request "$PULL_REQUEST"',
      "--pull-request ${{ github.event.pull_request.title }}",
      "not from an expression",
    ],
    [
      "a script that does not exist",
      "checks",
      "npm run synth",
      "npm run synthesize",
      "npm run synthesize: there is no such script",
    ],
    [
      "a command that does not exist",
      "checks",
      "homelab -- diagrams",
      "homelab -- diagrms",
      "homelab diagrms: there is no such command",
    ],
    [
      "an option that a command does not have",
      "pull-request",
      "--no-lock",
      "--unlocked",
      "homelab plan --unlocked: there is no such option",
    ],
    [
      "a plan in the log",
      "deploy-stack",
      "npm run --silent homelab -- deploy",
      "terraform show plan; npm run homelab -- deploy",
      "must not print",
    ],
    [
      "a stored secret",
      "checks",
      "run: bash .ci/run",
      "run: bash .ci/run\n        env:\n          KEY: ${{ secrets.KEY }}",
      "stored secret",
    ],
    [
      "a token that is left behind",
      "checks",
      "persist-credentials: false",
      "fetch-depth: 1",
      "leave the token behind",
    ],
    [
      "a plan as an artifact",
      "deploy-stack",
      /actions\/setup-node@/,
      "actions/upload-artifact@",
      "become an artifact",
    ],
    [
      "secrets that are handed on",
      "deploy",
      /^ {4}with:\n/m,
      "    secrets: inherit\n    with:\n",
      "must not hand on secrets",
    ],
  ])("%s", (_, name, from, to, problem) => {
    expect(breaks(name, from, to).join("\n")).toContain(problem);
  });
});

test("no workflow spells an environment: they read the list", () => {
  for (const [name, each] of texts) expect(each, name).not.toMatch(/(?<!\/)\b(dev|prod)\b/);
});

describe("deploys", () => {
  const { environments: list, trial, production } = workflow("deploy").jobs;
  const { scope, platform, apps } = workflow("deploy-environment").jobs;
  const { plan, apply, discard } = workflow("deploy-stack").jobs;

  test("only main is deployed, and only after the checks", () => {
    expect(workflow("deploy").on).toEqual({ push: { branches: ["main"] } });
    expect(list?.needs).toEqual(["checks"]);
    expect(trial?.needs).toEqual(["environments"]);
  });

  test("production follows trials that succeeded, or where there are none", () => {
    expect(production?.needs).toEqual(["environments", "trial"]);
    expect(production?.if).toContain("needs.environments.result == 'success'");
    expect(production?.if).toContain("(needs.trial.result == 'success' || needs.trial.result == 'skipped')");
  });

  test.each([
    ["trial", trial],
    ["production", production],
  ])("%s: each environment of the list, by one run at a time, and none is broken off", (name, job) => {
    expect(job?.strategy?.matrix).toEqual({
      environment: `\${{ fromJSON(needs.environments.outputs.${name}) }}`,
    });
    expect(job?.concurrency).toEqual({
      group: "deploy-${{ matrix.environment }}",
      "cancel-in-progress": false,
    });
    expect(job?.if).toContain(`needs.environments.outputs.${name} != '[]'`);
  });

  test("apps come after the platform, and without it when only they changed", () => {
    expect(platform?.if).toBe("needs.scope.outputs.platform == 'true'");
    expect(apps?.needs).toEqual(["scope", "platform"]);
    expect(scope?.steps?.map(({ run }) => run ?? "").join()).toContain("npm run homelab -- scope");
  });

  test("what is applied is what was planned on that runner, approved in the environment of the stack", () => {
    expect(apply?.environment).toBe("${{ inputs.stack }}");
    expect(plan?.environment).toBeUndefined();
    expect(apply?.["runs-on"]).toEqual(plan?.["runs-on"]);
    const deploy = apply?.steps?.at(-1);
    expect(deploy?.env).toMatchObject({ DIGEST: "${{ needs.plan.outputs.digest }}" });
    expect(deploy?.run).toContain('--approved "$DIGEST"');
    expect(deploy?.run).not.toContain("--yes");
  });

  test("a plan goes away, whatever happens", () => {
    expect(discard?.if).toBe("always()");
    expect(discard?.needs).toEqual(["plan", "apply"]);
    expect(discard?.["runs-on"]).toEqual(plan?.["runs-on"]);
    const kept = /--out "([^"]+)"/.exec(plan?.steps?.at(-1)?.run ?? "")?.[1];
    expect(apply?.steps?.at(-1)?.run).toContain(`--plan "${kept}"`);
    expect(discard?.steps?.[0]?.run).toBe(`rm -rf -- "${kept}/$STACK"`);
  });
});

test("what writes a comment is not the pull request's own code, and sees no credentials of the homelab", () => {
  const { plan, comment } = workflow("pull-request").jobs;
  expect(plan?.permissions).toEqual({ contents: "read" });
  expect(comment?.["runs-on"]).toBe("ubuntu-24.04");
  const checkout = comment?.steps?.find(({ uses }) => uses?.startsWith("actions/checkout@"));
  expect(checkout?.with?.ref).toBe("${{ github.event.pull_request.base.sha }}");
});

test("the backups that are verified are those of the environments", () => {
  const { backups } = workflow("weekly").jobs;
  expect(backups?.strategy?.matrix).toEqual({
    include: "${{ fromJSON(needs.environments.outputs.backups) }}",
  });
  expect(backups?.["runs-on"]).toEqual(["self-hosted", "homelab-deploy"]);
});

describe("policies that no plan shows", () => {
  const { run = "" } =
    workflow("nightly").jobs.drift?.steps?.find(({ run: script }) => script?.includes("reach live")) ?? {};
  const directory = mkdtempSync(join(tmpdir(), "nightly-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Runs the step with a kubectl and an npm that end so, and say what they were asked. */
  const nightly = (kubectl: number, reach: number) => {
    const temporary = mkdtempSync(join(directory, "temp-"));
    const program = (name: string, script: string) =>
      writeFileSync(join(temporary, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    program("kubectl", `echo "kubectl $*" >> "${temporary}/asked"; exit ${kubectl}`);
    program(
      "npm",
      `echo "npm $*" >> "${temporary}/asked"; case "$*" in *live*) exit ${reach};; *environments) printf 'dev\\nprod\\n';; esac`,
    );
    const env = { PATH: `${temporary}:${process.env.PATH}`, RUNNER_TEMP: temporary, HOME: "/home/me" };
    const { status } = spawnSync("bash", ["-e", "-c", run], { env });
    const reports = readdirSync(temporary).filter((file) => file.endsWith("-policies.md"));
    return { status, reports, asked: readFileSync(join(temporary, "asked"), "utf8") };
  };
  const BOTH = ["dev-policies.md", "prod-policies.md"];

  test.each([
    ["all as written", 0, 0, { status: 0, reports: [] }],
    ["a difference is a report", 0, 1, { status: 0, reports: BOTH }],
    ["a comparison that fails is no report, and fails", 0, 2, { status: 1, reports: [] }],
    ["a cluster that does not answer fails", 1, 0, { status: 1, reports: [] }],
  ])("%s", (_, kubectl, reach, expected) => {
    expect(nightly(kubectl, reach)).toMatchObject(expected);
  });

  test("all kinds of policies are asked for, and those of the GitOps repository are expected", () => {
    const { asked } = nightly(0, 0);
    for (const { name } of [dev, prod]) {
      expect(asked).toContain(
        LIVE_POLICIES.replace("kubectl", `kubectl --kubeconfig /home/me/.kube/${name}`),
      );
      const [compared = ""] = asked.split("\n").filter((line) => line.includes(`reach live ${name} `));
      expect([name, compared.includes("--with-gitops")]).toEqual([name, true]);
    }
  });
});

test("a pull request and a deploy run all that a machine can, as .ci/run does", () => {
  const { everything } = workflow("checks").jobs;
  expect(everything?.steps?.at(-1)?.run).toBe("bash .ci/run");
  for (const name of ["pull-request", "deploy"])
    expect(workflow(name).jobs.checks?.uses).toBe("./.github/workflows/checks.yml");
});

test("without a runner a run says so", () => {
  expect(workflow("deploy").jobs["without-runner"]?.if).toBe("vars.HOMELAB_RUNNER != 'true'");
  expect(text("pull-request")).toContain("No plan: there is no runner in the homelab's network");
});

const hasActionlint = spawnSync("actionlint", ["--version"]).status === 0;
if (!hasActionlint) console.warn("left out: actionlint on the workflows: not installed: actionlint");

describe.runIf(hasActionlint)("actionlint", () => {
  const directory = mkdtempSync(join(tmpdir(), "actionlint-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const lint = (...files: string[]) => spawnSync("actionlint", ["-no-color", ...files], { encoding: "utf8" });

  test("finds nothing in the workflows", () => {
    const { status, stdout, stderr } = lint();
    expect([status, stdout, stderr]).toEqual([0, "", ""]);
  });

  test.each([
    ["a runner that does not exist", "homelab-deploy]", "homelab-deplyo]", "homelab-deplyo"],
    ["an output that no step makes", "steps.plan.outputs.digest", "steps.plna.outputs.digest", "plna"],
    ["a key that does not exist", "timeout-minutes: 30", "timeout-minuets: 30", "timeout-minuets"],
  ])("and refuses %s", (_, from, to, said) => {
    mkdirSync(join(directory, DIRECTORY), { recursive: true });
    const file = join(directory, DIRECTORY, "broken.yml");
    writeFileSync(file, text("deploy-stack").replace(from, to));
    const { status, stdout } = lint("-config-file", ".github/actionlint.yaml", file);
    expect(status).toBe(1);
    expect(stdout).toContain(said);
  });
});
