import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import esbuild from "esbuild";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isTold } from "../../bin/build.mjs";
import { proofMemory } from "../../bin/memory.mjs";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import { anyApp } from "../../lib/proofs/network/inventory.ts";
import type { ProofProps } from "../../lib/proofs/network/prove.ts";
import { allowances, apps, urls } from "../lib/proofs/network/lab.ts";
import { environments, homelab, synthesis } from "../stacks/homelab.ts";

const CODE = "0".repeat(64);
let root: string;
let place: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "proofs-"));
  place = join(root, "dist/main.proofs");
});
afterEach(() => {
  vi.unstubAllGlobals();
  rmSync(root, { recursive: true });
});

/** True when the proof runs again, after one run of `first`, by other code or by the same. */
const runs = (given: readonly unknown[], code = CODE, isRead = true): boolean => {
  const prove = vi.fn(() => ({ flows: 1 }));
  const memory = proofMemory(place, code, isRead);
  expect(memory.remembered("network", prove, ...(given as []))).toEqual({ flows: 1 });
  memory.close();
  return prove.mock.calls.length > 0;
};

const props: Required<ProofProps> = {
  ...urls,
  hostFirewall: false,
  apps,
  demands: [],
  allowances,
  declaredByApps: [],
  policies: allowances.map((allowance) => allowance.policy()),
  neighbours: [],
};

test("the same proof is not run again, by another process neither", () => {
  expect(runs([props])).toBe(true);
  expect(runs([props])).toBe(false);
});

describe("a proof runs again when anything that it reads changes", () => {
  const [first, ...others] = allowances;
  const changes: Required<ProofProps> = {
    repository: HttpUrl.parse("https://git.example.org/other.git"),
    backupEndpoint: HttpUrl.parse("http://192.0.2.70:9000"),
    ciliumVersion: "1.18.4",
    hostFirewall: true,
    apps: [...apps, anyApp("other")],
    demands: [{ name: "more", routes: first?.routes ?? [] }],
    allowances: others,
    declaredByApps: allowances.slice(0, 1),
    policies: props.policies.slice(1),
    neighbours: [{ id: "media/other", kind: "pod", namespace: "media" }],
  };
  test.each(Object.entries(changes))("%s", (name, value) => {
    runs([props]);
    expect(runs([{ ...props, [name]: value }])).toBe(true);
  });

  test("a label deep inside an argument", () => {
    runs([props, [{ spec: { matchLabels: { app: "one" } } }]]);
    expect(runs([props, [{ spec: { matchLabels: { app: "two" } } }]])).toBe(true);
  });

  test("the code, and --no-cache", () => {
    runs([props]);
    expect(runs([props], "1".repeat(64))).toBe(true);
    expect(runs([props], CODE, false)).toBe(true);
  });

  class Hidden {
    readonly #text = "a";
    read() {
      return this.#text;
    }
  }
  test.each([
    ["a Map", new Map([["a", 1]])],
    ["a Set", new Set(["a"])],
    ["what hides its fields", new Hidden()],
  ])("the arguments hold everything: %s has no digest", (_, value) => {
    expect(() => runs([value])).toThrow(/must be plain data/);
  });

  test("the arguments hold everything: a function has no digest", () => {
    expect(() => runs([{ ...props, apps: () => apps }])).toThrow(/plain data: apps is a Function/);
  });
});

describe("nothing is believed that does not add up", () => {
  const edited = (change: (text: string) => string) =>
    writeFileSync(place, change(readFileSync(place, "utf8")));
  test.each<[string, (text: string) => string]>([
    ["another result", (text) => text.replace('"flows":1', '"flows":2')],
    ["no seal", (text) => text.replace(/,"seal":"[^"]*"/, "")],
    ["the entry of another proof", (text) => text.replace(/^\{"..../, '{"0000')],
    ["null", (text) => text.replace(/:\{.*\}\}$/, ":null}")],
    ["a file cut short", (text) => text.slice(0, 60)],
    ["a file of something else", () => "[1]"],
  ])("%s", (_, damage) => {
    runs([props]);
    edited(damage);
    expect(runs([props])).toBe(true);
  });
});

test("the code of proofs is every source but those that they never import", async () => {
  const { metafile } = await esbuild.build({
    entryPoints: ["lib/proofs/network/prove.ts", "lib/proofs/admission/problems.ts"],
    bundle: true,
    packages: "external",
    format: "esm",
    write: false,
    outdir: root,
    metafile: true,
  });
  const read = Object.keys(metafile.inputs);
  expect(read).toContain("environments/recorded/admission/policies.json");
  expect(read.map((path) => resolve(path)).filter((path) => isTold(path))).toEqual([]);
  const told = ["apps/whoami.ts", "environments/dev.ts", "environments/recorded/charts/prod.json"];
  expect(told.filter((path) => isTold(resolve(path)))).toEqual(told);
  expect(isTold(resolve("lib/app/declaration.ts"))).toBe(false);
});

test("with a memory as without, the same is proved, and an edit in one environment proves that one alone", () => {
  const proved: string[] = [];
  const withMemory = (change: Parameters<typeof environments>[0] = () => {}) => {
    proved.length = 0;
    const memory = proofMemory(place, CODE);
    vi.stubGlobal("proofMemory", {
      remembered: (name: string, prove: (...given: unknown[]) => unknown, ...given: unknown[]) =>
        memory.remembered(
          name,
          (...all) => {
            proved.push(name);
            return prove(...all);
          },
          ...given,
        ),
    });
    const checks = synthesis(environments(change)).checks;
    memory.close();
    return checks;
  };
  const without = homelab().checks;
  expect(withMemory()).toEqual(without);
  const all = proved.filter((name) => name !== "admission");
  expect(withMemory()).toEqual(without);
  expect(proved).toEqual([]);
  const changed = withMemory((input) => {
    if (input.name === "dev" && input.backup)
      input.backup.endpoint = "http://other.internal.truxonline.com:9000";
  });
  expect(changed).toEqual(without);
  expect(proved.length).toBeGreaterThan(0);
  expect(proved.length).toBeLessThan(all.length);
}, 120_000);
