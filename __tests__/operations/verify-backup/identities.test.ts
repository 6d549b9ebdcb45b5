import { expect, it } from "vitest";
import { identitiesOf } from "../../../operations/verify-backup/identities.ts";
import { identity, stranger } from "./fixtures.ts";

const file = `# created: 2026-03-01\n# public key: age1…\n${identity}\r\n\n${stranger}\n`;
const none = async (): Promise<string> => {
  throw new Error("ENOENT: no such file");
};

it("reads the text of an identity file", async () => {
  expect(await identitiesOf({ AGE_IDENTITY: file }, none)).toEqual([identity, stranger]);
});

it("reads the file that is named", async () => {
  expect(
    await identitiesOf({ AGE_IDENTITY_FILE: "key.txt" }, async (path) => `# ${path}\n${identity}`),
  ).toEqual([identity]);
});

it.each([
  [
    {},
    "AGE_IDENTITY, AGE_IDENTITY_FILE: one of them must hold the age identity, or name its file: got neither",
  ],
  [{ AGE_IDENTITY: "", AGE_IDENTITY_FILE: "" }, "got neither"],
  [{ AGE_IDENTITY: "a", AGE_IDENTITY_FILE: "b" }, "got both"],
  [{ AGE_IDENTITY_FILE: "gone" }, "AGE_IDENTITY_FILE: must be a readable file: ENOENT"],
  [{ AGE_IDENTITY: "# nothing" }, "AGE_IDENTITY: must hold an age identity: got none"],
  [
    { AGE_IDENTITY: `${identity}\nage1qqqq` },
    "AGE_IDENTITY: line 2: must be an age identity, AGE-SECRET-KEY-…: got a public key",
  ],
  [
    { AGE_IDENTITY: "age-encryption.org/v1\n-> scrypt" },
    "line 1: must be an age identity, AGE-SECRET-KEY-…: got an encrypted identity",
  ],
  [{ AGE_IDENTITY: `${identity.slice(0, -1)}q` }, "got one with a wrong checksum"],
  [{ AGE_IDENTITY: "hunter2" }, "line 1: must be an age identity, AGE-SECRET-KEY-…: got something else"],
])("refuses %#", async (environment, expected) => {
  await expect(identitiesOf(environment, none)).rejects.toThrow(expected);
});

it("names every bad line, and repeats none", async () => {
  const text = `hunter2\n${identity}\n${stranger.slice(0, -2)}xx`;
  const refused = identitiesOf({ AGE_IDENTITY: text }, none);
  await expect(refused).rejects.toThrow(/line 1:.*\n.*line 3:/);
  await expect(refused).rejects.not.toThrow(/hunter2|AGE-SECRET-KEY-1/);
});
