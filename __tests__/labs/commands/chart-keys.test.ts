import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unreadKeys } from "../../../labs/charts/chart-keys.ts";
import { chartKeys as command } from "../../../labs/commands/chart-keys.ts";
import { run } from "../../operations/cli/run.ts";

const VALUES = `
image: {tag: v1}
resources: {}
tolerations: []
strategy: {type: RollingUpdate}
settings: {known: 1, "dotted.key": 2}
null_: ~
selector: {kubernetes.io/os: linux}
`;

const TEMPLATE = `
{{ .Values.image.tag }} {{ $.Values.undeclared.option }}
{{ toYaml .Values.strategy }} {{ with .Values.settings }}{{ end }}
{{ index .Values.settings "read.by.index" }} {{ .Values.settings.known }}
{{ if eq .Values.image.tag "v2" }}{{ end }}
`;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "chart-keys-"));
  mkdirSync(join(directory, "chart", "templates", "deep"), { recursive: true });
  writeFileSync(join(directory, "chart", "values.yaml"), VALUES);
  writeFileSync(join(directory, "chart", "templates", "deep", "a.yaml"), TEMPLATE);
});

afterAll(() => rmSync(directory, { recursive: true }));

const KEYS = [
  "/image/tag",
  "/null_",
  "/null_/*",
  "/resources",
  "/resources/*",
  "/selector/kubernetes.io~1os",
  "/settings/dotted.key",
  "/settings/known",
  "/settings/read.by.index",
  "/strategy",
  "/strategy/*",
  "/strategy/type",
  "/tolerations",
  "/tolerations/*",
  "/undeclared/option",
];

test("lists what values.yaml names and what templates read, and what only the whole of is read", () => {
  expect(unreadKeys(join(directory, "chart"))).toEqual(KEYS);
});

test("reads a packed chart from the command line", async () => {
  const archive = join(directory, "chart.tgz");
  execFileSync("tar", ["-czf", archive, "-C", directory, "chart"]);
  expect(await run(command, archive)).toEqual({ code: 0, out: KEYS.join("\n"), err: "" });
});
