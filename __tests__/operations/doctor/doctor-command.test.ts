import { expect, test } from "vitest";
import { parseEnvironment } from "../../../environments/schema.ts";
import { doctorCommand } from "../../../operations/doctor/doctor-command.ts";
import { lab, TODAY } from "../../environments/lab.ts";
import { failure, world } from "./world.ts";

const call = async (json: boolean, change?: Parameters<typeof world>[0], input: unknown = lab()) => {
  const lines: string[] = [];
  const code = await doctorCommand(
    { name: "lab", json, files: {} },
    () => parseEnvironment(input, { today: TODAY }),
    world(change),
    (line) => lines.push(line),
  );
  return { code, text: lines.join("\n") };
};

test("a line each, with what to do, and the whole at the end", async () => {
  const { code, text } = await call(false, { commands: { "age --version": failure("") } });
  expect(code).toBe(1);
  expect(text).toContain(
    "\nwarn  age             does not answer → install age: without it no backup can be read\n",
  );
  expect(text).toMatch(/\n\nlab: 0 wrong, 1 to see to, 0 unknown, 24 well\.$/);
});

test("exit codes: well, and wrong", async () => {
  expect((await call(false)).code).toBe(0);
  expect((await call(false, { nodeVersion: "v18.0.0" })).code).toBe(1);
});

test("as JSON", async () => {
  const { code, text } = await call(true);
  expect(code).toBe(0);
  expect(JSON.parse(text)).toMatchObject({
    environment: "lab",
    summary: "lab: all is well.",
    findings: expect.arrayContaining([{ check: "default deny", status: "ok", says: "enforce" }]),
  });
});

test("data that is refused is a finding", async () => {
  const { code, text } = await call(
    false,
    {},
    { ...lab(), versions: { ...lab().versions, talos: "v1.99.0" } },
  );
  expect(code).toBe(1);
  expect(text).toContain("versions.talos: must be of a known minor version");
  expect(text).toContain("nothing else was looked at");
});
