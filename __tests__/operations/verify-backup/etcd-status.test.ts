import { expect, it } from "vitest";
import type { CommandResult } from "../../../lib/core/process/command.ts";
import { etcdStatus } from "../../../operations/verify-backup/etcd-status.ts";

const answering = (answer: Partial<CommandResult>) =>
  etcdStatus(async () => ({ code: 0, stdout: "", stderr: "", timedOut: false, ...answer }))("db.snapshot");

it("asks etcdutl for JSON, and reads it", async () => {
  const asked: string[] = [];
  const status = await etcdStatus(async (command, args) => {
    asked.push([command, ...args].join(" "));
    const stdout = '{"hash":2957132676,"revision":5,"totalKey":2,"totalSize":20480,"version":"3.6.0"}\n';
    return { code: 0, stdout, stderr: "", timedOut: false };
  })("db.snapshot");
  expect(asked).toEqual(["etcdutl snapshot status db.snapshot --write-out=json"]);
  expect(status).toEqual({ revision: 5, keys: 2, storageVersion: "3.6.0" });
});

it("takes the answer of etcd before 3.6", async () => {
  const stdout = '{"hash":1,"revision":5,"totalKey":9,"totalSize":20480}';
  expect(await answering({ stdout })).toEqual({ revision: 5, keys: 9, storageVersion: "" });
});

it.each<[Partial<CommandResult>, string, string]>([
  [{ code: -1, stderr: "spawn etcdutl ENOENT" }, "no-tool", "etcdutl of etcd 3.6 is not on the PATH"],
  [
    { code: 1, stderr: "Error: file size too small" },
    "not-a-snapshot",
    "cannot be opened by etcdutl: exit code 1",
  ],
  [{ timedOut: true, code: -1 }, "not-a-snapshot", "no answer in time"],
  [{ stdout: "panic" }, "not-a-snapshot", 'cannot be told by etcdutl: "panic"'],
  [{ stdout: '{"revision":0,"totalKey":0}' }, "empty", "holds no key: revision 0, 0 keys"],
])("refuses %#", async (answer, reason, message) => {
  await expect(answering(answer)).rejects.toMatchObject({
    reason,
    message: expect.stringContaining(message),
  });
});
