import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environments } from "../../../environments/index.ts";
import { home } from "../../../examples/one-node/environment.ts";
import { rack } from "../../../examples/three-nodes/environment.ts";
import {
  environmentsCommand,
  listed,
  matrixLines,
} from "../../../operations/automation/environments-command.ts";

describe("homelab environments", () => {
  test("lists those on trial before production, each with its backup", () => {
    expect(listed([rack, home])).toEqual([
      { name: "home", production: false, backup: null },
      { name: "rack", production: true, backup: "s3://rack-backup/etcd/" },
    ]);
  });

  test("gives workflows their matrices, empty ones where there is nothing to do", () => {
    expect(matrixLines(listed([rack, home]))).toEqual([
      'trial=["home"]',
      'production=["rack"]',
      'backups=[{"environment":"rack","source":"s3://rack-backup/etcd/"}]',
    ]);
    expect(matrixLines(listed([home]))).toEqual(['trial=["home"]', "production=[]", "backups=[]"]);
  });

  test("prints names for a loop, JSON on request, and adds matrices to a file", () => {
    const lines: string[] = [];
    const file = join(mkdtempSync(join(tmpdir(), "environments-")), "outputs");
    expect(environmentsCommand(false, file, (line) => lines.push(line))).toBe(0);
    expect(lines.toSorted()).toEqual(environments.map(({ name }) => name).toSorted());
    expect(readFileSync(file, "utf8")).toMatch(/^trial=\[.*\]\nproduction=\[.*\]\nbackups=\[.*\]\n$/);
    expect(environmentsCommand(true, undefined, (line) => lines.push(line))).toBe(0);
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual(listed(environments));
  });
});
