import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reach, USAGE } from "../../../operations/reach/cli.ts";
import { allow, cnp, defaultDeny, pods, tcp, writeOutput } from "./lab.ts";

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const services = cnp("shop", "services", {
  endpointSelector: {},
  egress: [{ toServices: [{ k8sService: { serviceName: "db", namespace: "shop" } }], toPorts: tcp(9) }],
});

let directory: string;
let out: string;
let next: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "reach-cli-"));
  const policies = [defaultDeny, allow("shop-db", named("web"), named("db"), tcp(5432)), services];
  out = writeOutput(join(directory, "old"), { "lab-platform": { policies } });
  next = writeOutput(join(directory, "new"), { "lab-platform": { policies: policies.slice(0, 1) } });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const ask = (to: string, port: string, ...others: string[]) =>
  reach(["lab", "--out", out, "--from", "shop/web", "--to", to, "--port", port, ...others]);

describe("a question", () => {
  test.each([
    ["shop/db", "5432", 0, "allowed"],
    ["shop/db", "5432/UDP", 1, "denied"],
    ["internet", "9", 3, "unknown"],
  ] as const)("to %s on %s exits with %i", (to, port, code, verdict) => {
    const run = ask(to, port);
    expect(run).toMatchObject({ code, error: "" });
    expect(run.output).toMatch(new RegExp(`: ${verdict}\n`));
  });

  test("is answered for programs", () => {
    expect(JSON.parse(ask("shop/db", "5432", "--json").output)).toMatchObject({
      environment: "lab",
      from: "shop/web",
      to: "shop/db",
      protocol: "TCP",
      port: 5432,
      verdict: "allowed",
      egress: { decision: "allowed", kind: "allow-rule" },
    });
  });

  test("counts vixens' policies on demand", () => {
    expect(ask("api-server", "6443").code).toBe(1);
    expect(ask("api-server", "6443", "--with-gitops").code).toBe(0);
  });
});

describe("a matrix", () => {
  test("is written into a file", () => {
    const file = join(directory, "matrix.html");
    const run = reach(["lab", "--out", out, "--matrix", file]);
    expect(run).toMatchObject({ code: 0, error: "" });
    expect(run.output).toMatch(/matrix\.html: \d+ KiB/);
    expect(readFileSync(file, "utf8")).toContain("<title>Who reaches whom: lab</title>");
  });
});

describe("a comparison", () => {
  test("without a change exits with 0", () => {
    expect(reach(["diff", out, out])).toEqual({ code: 0, output: "lab: no change", error: "" });
  });

  test("with changes exits with 1, in three forms", () => {
    expect(reach(["diff", out, next])).toMatchObject({ code: 1, error: "" });
    expect(reach(["diff", out, next]).output).toContain("closed: shop/web → shop/db on 5432/TCP");
    expect(reach(["diff", out, next, "--markdown"]).output).toContain(
      "| **closed** | shop/web | shop/db | 5432/TCP |",
    );
    expect(JSON.parse(reach(["diff", out, next, "--json"]).output)).toMatchObject([
      {
        environment: "lab",
        presence: "both",
        flows: expect.arrayContaining([expect.objectContaining({ change: "closed" })]),
      },
    ]);
  });
});

describe("exits with 2", () => {
  test.each<[string, string[], string]>([
    ["nothing", [], "one environment must be named: got none"],
    ["two environments", ["dev", "prod"], "one environment must be named: got dev prod"],
    [
      "no port",
      ["lab", "--from", "a", "--to", "b"],
      "--from, --to and --port must all be given, or --matrix",
    ],
    ["an unknown option", ["lab", "--form", "a"], "Unknown option '--form'"],
    ["a matrix with a port", ["lab", "--matrix", "m.html", "--port", "80"], "--port cannot be given here"],
    ["a question in Markdown", ["lab", "--markdown"], "--markdown cannot be given here"],
    ["one output", ["diff", "a"], "diff: an old and a new output must be named: got a"],
    ["two forms", ["diff", "a", "b", "--json", "--markdown"], "--json and --markdown exclude each other"],
  ])("%s", (_, args, message) => {
    const run = reach(args);
    expect(run).toMatchObject({ code: 2, output: "" });
    expect(run.error).toContain(message);
    expect(run.error).toContain(USAGE);
  });

  test.each<[string, () => ReturnType<typeof reach>, string]>([
    ["an unknown name", () => ask("shop/dbs", "1"), 'nobody is called "shop/dbs"; closest: shop/db'],
    ["an impossible port", () => ask("shop/db", "0"), "--port: must be a port and a protocol"],
    [
      "an output that is not there",
      () => reach(["diff", out, join(directory, "none")]),
      "make it with: npm run synth",
    ],
  ])("%s", (_, run, message) => {
    expect(run()).toMatchObject({ code: 2, output: "", error: expect.stringContaining(message) });
  });
});

test("as a program", () => {
  const script = new URL("../../../operations/commands/reach.ts", import.meta.url).pathname;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", script, ...args], { encoding: "utf8" });
  const denied = run("lab", "--out", out, "--from", "internet", "--to", "shop/db", "--port", "5432");
  expect(denied.status).toBe(1);
  expect(denied.stdout).toMatch(/^lab: internet → shop\/db 5432\/TCP: denied\n/);
  const usage = run();
  expect(usage).toMatchObject({ status: 2, stdout: "" });
  expect(usage.stderr).toContain("usage:");
});
