import { describe, expect, it } from "vitest";
import {
  bootstrapFromSnapshot,
  fetchObject,
  listObjects,
  openByHand,
  restoreDataDirectory,
  shellLine,
  snapshotStatus,
  verifyBackup,
} from "../../../operations/restore/commands.ts";

const store = { bucket: "vixens-backup", region: "us-east-1", endpoint: "http://192.0.2.1:9000" };
const name = "prod-2026-03-01T02:00:00Z.snap";

describe("shellLine", () => {
  it("puts variables before the program", () => {
    expect(shellLine({ command: "etcdutl", args: ["version"], environment: { A: "1" } })).toBe(
      "A=1 etcdutl version",
    );
  });

  it("quotes what a shell would read otherwise", () => {
    expect(shellLine({ command: "cat", args: ["a b", "it's", "$HOME", "", "~/x"] })).toBe(
      String.raw`cat 'a b' 'it'\''s' '$HOME' '' '~/x'`,
    );
  });
});

describe("verifyBackup", () => {
  it("only looks by default", () => {
    expect(shellLine(verifyBackup({ source: "s3://vixens-backup/etcd/", identityFile: "key.txt" }))).toBe(
      "AGE_IDENTITY_FILE=key.txt npm run homelab -- verify-backup s3://vixens-backup/etcd/",
    );
  });

  it("names the server, the output and the oldest that will do", () => {
    const command = verifyBackup({
      source: "s3://vixens-backup/etcd/",
      identityFile: "key.txt",
      store,
      output: "db.snapshot",
      maxAge: "26h",
    });
    expect(shellLine(command)).toBe(
      "AWS_REGION=us-east-1 AWS_ENDPOINT_URL_S3=http://192.0.2.1:9000 AGE_IDENTITY_FILE=key.txt " +
        "npm run homelab -- verify-backup s3://vixens-backup/etcd/ --output db.snapshot --max-age 26h",
    );
  });
});

describe("openByHand", () => {
  it("decrypts a snapshot that is not compressed", () => {
    const { commands, snapshot } = openByHand(`${name}.age`, "key.txt");
    expect(commands.map(shellLine)).toEqual([
      `age --decrypt --identity key.txt --output ${name} ${name}.age`,
    ]);
    expect(snapshot).toBe(name);
  });

  it("decrypts, then decompresses", () => {
    const { commands, snapshot } = openByHand(`${name}.zst.age`, "key.txt");
    expect(commands.map(shellLine)).toEqual([
      `age --decrypt --identity key.txt --output ${name}.zst ${name}.zst.age`,
      `zstd --decompress --quiet ${name}.zst -o ${name}`,
    ]);
    expect(snapshot).toBe(name);
  });

  it.each([name, `${name}.zst`, `${name}.age.zst`])("refuses %s, which is not encrypted", (file) => {
    expect(() => openByHand(file, "key.txt")).toThrow(
      `file: must be encrypted, and end in .age: got "${file}"`,
    );
  });
});

it.each([
  [
    listObjects(store, "etcd"),
    "aws s3 ls s3://vixens-backup/etcd/ --region us-east-1 --endpoint-url http://192.0.2.1:9000",
  ],
  [
    fetchObject({ ...store, endpoint: null }, `etcd/${name}.age`, "."),
    `aws s3 cp s3://vixens-backup/etcd/${name}.age . --region us-east-1`,
  ],
  [snapshotStatus("db.snapshot"), "etcdutl snapshot status db.snapshot --write-out=table"],
  [restoreDataDirectory("db.snapshot", "data"), "etcdutl snapshot restore db.snapshot --data-dir data"],
  [
    bootstrapFromSnapshot("192.0.2.11", "db.snapshot"),
    "talosctl --nodes 192.0.2.11 bootstrap --recover-from=db.snapshot",
  ],
])("%# is written out in full", (command, line) => {
  expect(shellLine(command)).toBe(line);
});
