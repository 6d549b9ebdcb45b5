import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Doubt } from "../../../lib/core/process/command.ts";
import { JournalFile, resumeOrBegin } from "../../../operations/upgrade/journal.ts";

const inventory = { environment: "lab", target: { talos: "v1.12.4", kubernetes: "v1.33.2" } };
const begin = (store: JournalFile) => resumeOrBegin(store, inventory, "2026-06-01T08:00:00.000Z");
const directory = (): string => join(mkdtempSync(join(tmpdir(), "journal-")), "lab");

describe("the journal's file", () => {
  test("gives back what was written, for its owner only", () => {
    const path = directory();
    const file = new JournalFile(path);
    expect(file.read()).toBeUndefined();
    const journal = { ...begin(file), cordoned: "bea" };
    file.write(journal);
    expect(new JournalFile(path).read()).toEqual(journal);
    expect(statSync(join(path, "journal.json")).mode & 0o777).toBe(0o600);
    expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  test.each(["", "{", "{}", '{"environment":"lab"}'])("refuses %j in it", (text) => {
    const path = directory();
    const file = new JournalFile(path);
    file.write(begin(file));
    writeFileSync(join(path, "journal.json"), text);
    expect(() => file.read()).toThrow(Doubt);
  });

  test("is put aside on request", () => {
    const path = directory();
    const file = new JournalFile(path);
    file.forget("2026-06-01T07:00:00.000Z");
    file.write(begin(file));
    file.forget("2026-06-01T08:00:00.000Z");
    expect(file.read()).toBeUndefined();
    expect(readdirSync(path)).toEqual(["journal-2026-06-01T08-00-00.000Z.json"]);
  });

  test("lets one run at a time in, and the next when it is over or has failed", async () => {
    const path = directory();
    const file = new JournalFile(path);
    await expect(
      file.exclusively(async () => {
        await expect(new JournalFile(path).exclusively(async () => {})).rejects.toThrow(
          /another run holds it/,
        );
        throw new Error("over");
      }),
    ).rejects.toThrow("over");
    expect(await file.exclusively(async () => "in")).toBe("in");
  });
});

test("the lock of a run that is gone does not count, one that nobody can read does", async () => {
  const path = directory();
  const file = new JournalFile(path);
  file.write(begin(file));
  const { pid = 0 } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(join(path, "lock"), `${pid}\n`);
  expect(await file.exclusively(async () => "in")).toBe("in");
  writeFileSync(join(path, "lock"), "");
  await expect(file.exclusively(async () => "in")).rejects.toThrow(/another run holds it, process unknown/);
});

test("a journal that cannot be written is a doubt", () => {
  const path = directory();
  writeFileSync(path, "a file where the directory should be");
  const file = new JournalFile(path);
  const journal = resumeOrBegin({ read: () => undefined, write: () => {} }, inventory, "");
  expect(() => file.write(journal)).toThrow(Doubt);
});

describe("a run", () => {
  test("goes on with an unfinished journal, not with a finished one", () => {
    const file = new JournalFile(directory());
    file.write({ ...begin(file), members: ["a49c ada"] });
    expect(begin(file).members).toEqual(["a49c ada"]);
    file.write({ ...begin(file), finishedAt: "2026-06-01T09:00:00.000Z" });
    expect(begin(file)).toMatchObject({ members: null, finishedAt: null });
  });

  test("does not change its aim on the way", () => {
    const file = new JournalFile(directory());
    file.write(begin(file));
    const other = { ...inventory, target: { ...inventory.target, talos: "v1.12.5" } };
    expect(() => resumeOrBegin(file, other, "")).toThrow(
      "an unfinished run takes lab to Talos v1.12.4 and Kubernetes v1.33.2",
    );
  });
});
