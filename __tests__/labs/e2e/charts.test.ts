import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findChart } from "../../../labs/e2e/charts.ts";

const RELEASE = {
  address: "helm_release.lab",
  name: "lab",
  namespace: "lab",
  repository: "https://charts.example/lab",
  chart: "lab",
  version: "1.2.3",
  values: [],
  secretValues: [],
};

const directory = (): string => mkdtempSync(join(tmpdir(), "charts-"));

/** A Helm made of a shell script. */
const helm = (script: string): string => {
  const path = join(directory(), "helm");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
};

test("a chart that was pulled before is taken as it is", async () => {
  const charts = directory();
  writeFileSync(join(charts, "lab-1.2.3.tgz"), "");
  expect(await findChart(RELEASE, helm("exit 1"), charts)).toEqual({
    release: RELEASE,
    path: join(charts, "lab-1.2.3.tgz"),
  });
});

test("Helm pulls the version of the release from its repository", async () => {
  const charts = join(directory(), "new");
  const pull = 'echo "$*" > "$8/asked"; touch "$8/$2-$6.tgz"';
  expect(await findChart(RELEASE, helm(pull), charts)).toMatchObject({ path: join(charts, "lab-1.2.3.tgz") });
  expect(existsSync(join(charts, "asked"))).toBe(true);
});

test("a chart that cannot be had says why, without addresses", async () => {
  const says =
    "echo 'Error: looks like \"https://charts.example/lab\" cannot be reached: no such host' >&2; exit 1";
  const { path, missing } = await findChart(RELEASE, helm(says), directory());
  expect(path).toBeUndefined();
  expect(missing).toMatch(
    /^chart lab 1\.2\.3: there is no lab-1\.2\.3\.tgz.*cannot be reached: no such host$/,
  );
  expect(missing).not.toContain("https:");
});

test("a Helm that says yes and brings nothing does not count", async () => {
  expect((await findChart(RELEASE, helm("exit 0"), directory())).missing).toContain("it says nothing");
});
