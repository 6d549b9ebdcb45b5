import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { rememberedFiles, undoneOnSignal } from "../../../operations/cli/undone-on-signal.ts";

const directory = mkdtempSync(join(tmpdir(), "undone-"));
const at = (path: string) => join(directory, path);
const read = (path: string) => (existsSync(at(path)) ? readFileSync(at(path), "utf8") : undefined);
const put = (path: string, text: string) => {
  mkdirSync(join(at(path), ".."), { recursive: true });
  writeFileSync(at(path), text);
};
const change = () => {
  put("kept/changed", "other");
  put("kept/new/file", "new");
  rmSync(at("kept/gone"), { force: true });
  put("elsewhere", "left alone");
};
const state = () => ["kept/changed", "kept/gone", "kept/new/file", "elsewhere"].map(read);

put("kept/changed", "as it was");
put("kept/gone", "as it was too");
afterEach(() => vi.restoreAllMocks());

test("files are put back, new ones go, and what is not named is left alone", () => {
  const putBack = rememberedFiles([at("kept"), at("nowhere")]);
  change();
  putBack();
  expect(state()).toEqual(["as it was", "as it was too", undefined, "left alone"]);
});

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends the program with %i, after everything is as before", async (signal, code) => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await undoneOnSignal([at("kept")], async () => {
    change();
    (process as NodeJS.EventEmitter).emit(signal, signal, code - 128);
    return 0;
  });
  const last = process.listeners("exit").at(-1) as () => void;
  process.off("exit", last);
  last();
  expect(exit).toHaveBeenCalledWith(code);
  expect(state().slice(0, 3)).toEqual(["as it was", "as it was too", undefined]);
});

test("work that ends is left as it is, and nobody listens any more", async () => {
  const before = process.listenerCount("SIGINT");
  expect(await undoneOnSignal([at("kept")], async () => change())).toBeUndefined();
  expect(state()).toEqual(["other", undefined, "new", "left alone"]);
  expect(process.listenerCount("SIGINT")).toBe(before);
});
