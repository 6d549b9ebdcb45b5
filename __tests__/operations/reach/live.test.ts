import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitopsFacts } from "../../../environments/recorded/gitops-facts.ts";
import { reach as command } from "../../../operations/commands/reach.ts";
import { compareWithLive } from "../../../operations/reach/live.ts";
import { readNetwork } from "../../../operations/reach/synthesized.ts";
import { run as runCommand } from "../cli/run.ts";
import { allow, ccnp, cnp, defaultDeny, pods, tcp, writeOutput } from "./lab.ts";

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const calls = cnp("shop", "calls", {
  endpointSelector: named("web"),
  egress: [{ toEndpoints: [named("db")], toPorts: tcp(5432) }],
});
const native = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "scrape", namespace: "shop" },
  spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 9100 }] }] },
};
const written = [defaultDeny, allow("shop-db", named("web"), named("db"), tcp(5432)), calls, native];

let directory: string;
let out: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "reach-live-"));
  out = writeOutput(join(directory, "out"), { "lab-platform": { policies: written } });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A policy as an API server gives it back: fields in its own order, and many more of them. */
const stored = (policy: object): object => {
  const { metadata, spec, ...rest } = policy as { metadata: object; spec: object };
  return {
    spec,
    metadata: { uid: "1", resourceVersion: "7", managedFields: [{ manager: "m" }], ...metadata },
    ...rest,
    status: { conditions: [{ type: "Valid", status: "True" }] },
  };
};
const defaulted = stored({
  ...native,
  spec: {
    policyTypes: ["Ingress"],
    podSelector: {},
    ingress: [{ ports: [{ protocol: "TCP", port: 9100 }], from: [{ podSelector: {} }] }],
  },
});
const same = [...written.slice(0, 3).map(stored), defaulted];

const reach = async (args: readonly string[]) => {
  const { code, out: output, err: error } = await runCommand(command, ...args);
  return { code, output, error };
};

const live = (policies: readonly unknown[], ...others: string[]) => {
  const file = join(directory, "live.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: policies }));
  return reach(["live", "lab", "--out", out, "--policies", file, ...others]);
};

test("a cluster that holds what is written", async () => {
  expect(await live(same)).toEqual({ code: 0, output: "lab: no change", error: "" });
});

test("what the GitOps repository applies is written where that is said, and strange otherwise", async () => {
  const recorded = gitopsFacts("dev")?.policies ?? [];
  expect(recorded.length).toBeGreaterThan(40);
  const home = writeOutput(join(directory, "dev"), { "dev-platform": { policies: written } });
  const shipped = [...same, ...recorded.map(stored)];
  expect(compareLive(home, shipped, true)).toEqual({ flows: 0, added: [], removed: [] });
  expect(compareLive(home, [...shipped, stranger], true)).toMatchObject({
    added: ["CiliumClusterwideNetworkPolicy by-hand"],
    removed: [],
  });
  expect(compareLive(home, shipped, false).added).toHaveLength(recorded.length);
  expect(compareLive(home, same, true).removed).toHaveLength(recorded.length);
});

const stranger = ccnp("by-hand", { endpointSelector: named("web"), egress: [{ toEntities: ["world"] }] });

const compareLive = (directoryOfOutput: string, policies: readonly object[], withGitops: boolean) => {
  const [changes] = compareWithLive(readNetwork(directoryOfOutput, "dev"), policies as never, { withGitops });
  return { flows: changes?.flows.length, added: changes?.policies.added, removed: changes?.policies.removed };
};

test("an empty list of egress rules does not make a policy one of egress", async () => {
  const silent = structuredClone(defaulted) as { spec: { egress?: unknown } };
  silent.spec.egress = [];
  const both = { ...silent, spec: { ...silent.spec, policyTypes: ["Ingress", "Egress"] } };
  const without = structuredClone(native) as { spec: { egress?: unknown } };
  without.spec.egress = [];
  const policies = [...written.slice(0, 3), without];
  const other = writeOutput(join(directory, "silent"), { "lab-platform": { policies } });
  expect((await live([...same.slice(0, 3), silent], "--out", other)).code).toBe(0);
  expect((await live([...same.slice(0, 3), both], "--out", other)).code).toBe(1);
});

describe("what no plan shows", () => {
  test("a direction that the written policy does not speak of", async () => {
    const opened = structuredClone(calls) as { spec: { ingress?: unknown } };
    opened.spec.ingress = [{ fromEntities: ["world"] }];
    const { code, output } = await live([same[0], same[1], stored(opened), defaulted]);
    expect(code).toBe(1);
    expect(output).toMatch(/opened: .*internet.* → shop\/web on /);
    expect(output).toContain("ingress: allowed by CiliumNetworkPolicy shop/calls spec.ingress[0]");
    expect(output).toContain("policies changed: CiliumNetworkPolicy shop/calls");
  });

  test("a policy that nobody wrote", async () => {
    const stranger = ccnp("debug", { endpointSelector: named("db"), ingress: [{ fromEntities: ["all"] }] });
    const { code, output } = await live([...same, stored(stranger)]);
    expect(code).toBe(1);
    expect(output).toContain("policies added: CiliumClusterwideNetworkPolicy debug");
    expect(output).toMatch(/opened: .* → shop\/db on /);
  });

  test("a change without an effect is told, too", async () => {
    const commented = structuredClone(calls) as { spec: { description?: string } };
    commented.spec.description = "looks harmless";
    const { code, output } = await live([same[0], same[1], stored(commented), defaulted]);
    expect(code).toBe(1);
    expect(output).toContain("shop/calls differs, and by itself opens and closes nothing");
  });
});

test("a policy that is gone closes what it opened", async () => {
  const { code, output } = await live(
    same.filter((_, at) => at !== 1),
    "--markdown",
  );
  expect(code).toBe(1);
  expect(output).toContain("| **closed** | shop/web | shop/db | 5432/TCP |");
});

describe("exits with 2", () => {
  test.each<[string, string[], string]>([
    ["no environment", ["live", "--policies", "x"], "missing required argument 'environment'"],
    ["no file", ["live", "lab"], "required option '--policies <file>' not specified"],
    ["a question", ["live", "lab", "--policies", "x", "--from", "a"], "unknown option '--from'"],
    ["a file that is not there", ["live", "lab", "--policies", "/none"], "must be what kubectl get"],
  ])("%s", async (_, args, message) => {
    const run = await reach([...args, ...(args.length > 2 ? ["--out", out] : [])]);
    expect(run).toMatchObject({ code: 2, output: "", error: expect.stringContaining(message) });
  });

  test("objects that are no policies, all of them named", async () => {
    const { code, error } = await live([
      { kind: "Pod", metadata: { name: "a" } },
      { kind: "NetworkPolicy" },
      null,
    ]);
    expect(code).toBe(2);
    expect(error).toMatch(/items\[0\]\.kind: must be one of .*: got "Pod"\n/);
    expect(error).toContain("items[1].metadata.name: must be a name: got undefined");
    expect(error).toContain("items[2].kind");
  });

  test("a single object in place of a list", async () => {
    const file = join(directory, "single.json");
    writeFileSync(file, JSON.stringify(calls));
    expect(await reach(["live", "lab", "--out", out, "--policies", file])).toMatchObject({
      code: 2,
      error: expect.stringContaining("has no items"),
    });
  });
});
