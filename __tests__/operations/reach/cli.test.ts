import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reach as command } from "../../../operations/commands/reach.ts";
import { run as runCommand } from "../cli/run.ts";
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

const reach = async (args: readonly string[]) => {
  const { code, out: output, err: error } = await runCommand(command, ...args);
  return { code, output, error };
};

const ask = (to: string, port: string, ...others: string[]) =>
  reach(["lab", "--out", out, "--from", "shop/web", "--to", to, "--port", port, ...others]);

describe("a question", () => {
  test.each([
    ["shop/db", "5432", 0, "allowed"],
    ["shop/db", "5432/UDP", 1, "denied"],
    ["internet", "9", 1, "unknown"],
  ] as const)("to %s on %s exits with %i", async (to, port, code, verdict) => {
    const run = await ask(to, port);
    expect(run).toMatchObject({ code, error: "" });
    expect(run.output).toMatch(new RegExp(`: ${verdict}\n`));
  });

  test("is answered for programs", async () => {
    expect(JSON.parse((await ask("shop/db", "5432", "--json")).output)).toMatchObject({
      environment: "lab",
      from: "shop/web",
      to: "shop/db",
      protocol: "TCP",
      port: 5432,
      verdict: "allowed",
      egress: { decision: "allowed", kind: "allow-rule" },
    });
  });

  test("counts no policies of a GitOps side that nobody recorded", async () => {
    const { code, error } = await ask("api-server", "6443", "--with-gitops");
    expect(code).toBe(2);
    expect(error).toContain("run homelab coexist lab --gitops <checkout> --write");
  });
});

describe("a matrix", () => {
  test("is written into a file", async () => {
    const file = join(directory, "matrix.html");
    const run = await reach(["lab", "--out", out, "--matrix", file]);
    expect(run).toMatchObject({ code: 0, error: "" });
    expect(run.output).toMatch(/matrix\.html: \d+ KiB/);
    expect(readFileSync(file, "utf8")).toContain("<title>Who reaches whom: lab</title>");
  });
});

describe("a comparison", () => {
  test("without a change exits with 0", async () => {
    expect(await reach(["diff", out, out])).toEqual({ code: 0, output: "lab: no change", error: "" });
  });

  test("with changes exits with 1, in three forms", async () => {
    expect(await reach(["diff", out, next])).toMatchObject({ code: 1, error: "" });
    expect((await reach(["diff", out, next])).output).toContain("closed: shop/web → shop/db on 5432/TCP");
    expect((await reach(["diff", out, next, "--markdown"])).output).toContain(
      "| **closed** | shop/web | shop/db | 5432/TCP |",
    );
    expect(JSON.parse((await reach(["diff", out, next, "--json"])).output)).toMatchObject([
      {
        environment: "lab",
        presence: "both",
        flows: expect.arrayContaining([expect.objectContaining({ change: "closed" })]),
      },
    ]);
  });
});

describe("exits with 2", () => {
  const question = ["--from", "shop/web", "--to", "shop/dbs", "--port", "1"];

  test.each<[string, string[], string]>([
    ["nothing", [], "missing required argument 'environment'"],
    ["two environments", ["dev", "prod"], "too many arguments"],
    [
      "no port",
      ["lab", "--from", "a", "--to", "b"],
      "--from, --to and --port must all be given, or --matrix",
    ],
    ["an unknown option", ["lab", "--form", "a"], "(Did you mean --from?)"],
    [
      "a matrix with a port",
      ["lab", "--matrix", "m.html", "--port", "80"],
      "cannot be used with option '--port",
    ],
    ["a question in Markdown", ["lab", "--markdown"], "unknown option '--markdown'"],
    ["one output", ["diff", "a"], "missing required argument 'new'"],
    ["two forms", ["diff", "a", "b", "--json", "--markdown"], "cannot be used with option '--markdown'"],
    ["an output that is not there", ["diff", "a", "b"], "make it with: npm run synth"],
  ])("%s", async (_, args, message) => {
    const run = await reach(args);
    expect(run).toMatchObject({ code: 2, output: "", error: expect.stringContaining(message) });
  });

  test("an unknown name, and an impossible port", async () => {
    expect(await reach(["lab", "--out", out, ...question])).toMatchObject({
      code: 2,
      error: expect.stringContaining('nobody is called "shop/dbs"; closest: shop/db'),
    });
    expect(await ask("shop/db", "0")).toMatchObject({
      code: 2,
      error: expect.stringContaining("--port: must be a port and a protocol"),
    });
  });
});
