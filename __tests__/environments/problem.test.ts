import { describe, expect, test } from "vitest";
import { EnvironmentError, problemOf } from "../../environments/problem.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { type Changes, changed, lab, problems, TODAY } from "./lab.ts";

describe("a line says path, rule and value", () => {
  test.each<[unknown, string]>([
    [undefined, "nothing"],
    [null, "null"],
    [3, "3"],
    [Number.NaN, "NaN"],
    [10n, "10"],
    [false, "false"],
    ["", '""'],
    ['a "b"\nc', '"a \\"b\\"\\nc"'],
    ["x".repeat(200), `"${"x".repeat(100)}…"`],
    [[1, 2], "a list of 2"],
    [{ a: 1 }, "an object"],
    [Symbol("s"), "a symbol"],
  ])("%s", (value, shown) => {
    const error = new EnvironmentError([problemOf({ path: "a.b", rule: "must be c", value })]);
    expect(error.message).toBe(`environment data refused, 1 problem:\na.b: must be c: got ${shown}`);
  });

  test("a problem that a risk would silence names the risk", () => {
    const error = new EnvironmentError([
      problemOf({ path: "a", rule: "must be b", value: 1, riskId: "r-1" }),
    ]);
    expect(error.message).toContain("a: must be b: got 1 (the accepted risk r-1 would silence this)");
  });
});

describe("names elements by their names", () => {
  test.each<[string, Changes, string]>([
    ["a node", { "nodes.0.cpu": "x" }, "nodes.ada.cpu"],
    ["a node whose name is malformed but readable", { "nodes.0.name": "Ada" }, "nodes.Ada.name"],
    ["a node whose name is not readable", { "nodes.0.name": "a b" }, "nodes[0].name"],
    ["a node that is none", { "nodes.0": 7 }, "nodes[0]"],
    ["a VLAN", { "nodes.0.vlans.1.gateway": "x" }, "nodes.ada.vlans.20.gateway"],
    ["a VLAN without an id", { "nodes.0.vlans.0.id": undefined }, "nodes.ada.vlans[0].id"],
    ["a VLAN with an id that is none", { "nodes.0.vlans.0.id": 5000 }, "nodes.ada.vlans[0].id"],
    ["a VLAN with an id in quotes", { "nodes.0.vlans.0.id": "10" }, "nodes.ada.vlans[0].id"],
    ["a namespace", { "namespaces.1.size": "xxl" }, "namespaces.tools.size"],
    ["a nameserver", { "nodes.0.nameservers.1": "x" }, "nodes.ada.nameservers[1]"],
    ["a schematic", { "schematics.plain.extensions.0": "x" }, "schematics.plain.extensions[0]"],
    ["an unknown field", { "nodes.0.colour": "red" }, "nodes.ada.colour"],
    ["an unknown field with an odd name", { "argocd.a b\nc": 1 }, 'argocd."a b\\nc"'],
  ])("%s", (_, changes, path) => {
    const lines = problems(changes);
    expect(lines.some((line) => line.startsWith(`${path}: must `))).toBe(true);
  });
});

describe("an unknown field suggests the nearest that is known", () => {
  test.each<[string, Changes, string]>([
    [
      "of versions",
      { "versions.cillium": "1.18.3" },
      "versions.cillium: must not be there: it is not a field of an environment; did you mean cilium?",
    ],
    ["in another case", { "cluster.podsubnet": "x" }, "did you mean podSubnet?"],
    ["of an element of a list", { "nodes.0.intreface": "x" }, "did you mean interface?"],
    ["of an element of a record", { "schematics.plain.extension": [] }, "did you mean extensions?"],
    ["of what may be null", { "backup.lock.modes": "x" }, "did you mean mode?"],
    ["of a union of forms", { "secretStore.clusterSecretsStore": "x" }, "did you mean clusterSecretStore?"],
  ])("%s", (_, changes, text) => {
    expect(problems(changes).join("\n")).toContain(text);
  });

  test("and nothing where none is near", () => {
    expect(problems({ "cluster.colour": "red" })).toEqual([
      'cluster.colour: must not be there: it is not a field of an environment: got "colour"',
    ]);
  });
});

test("the example in a message about a subnet is accepted", () => {
  for (const wrong of ["10.1.10.1", "10.1.10.1/24", ""]) {
    const [line = ""] = problems({ "cluster.subnet": wrong });
    const example = /e\.g\. ([\d./]+\d)/.exec(line)?.[1];
    expect(
      problems({ "cluster.subnet": example }).filter((each) => each.startsWith("cluster.subnet:")),
    ).toEqual([]);
  }
});

test("an unknown field is refused wherever it stands, and its value is not repeated", () => {
  for (const path of [
    "extra",
    "cluster.extra",
    "nodes.0.extra",
    "nodes.0.vlans.0.extra",
    "backup.lock.extra",
  ]) {
    const [line, ...rest] = problems({ [path]: "hunter2" });
    expect(line).toMatch(/extra: must not be there: it is not a field of an environment: got "extra"$/);
    expect(rest).toEqual([]);
  }
});

describe("never repeats a secret", () => {
  const SECRET = "hunter2-hunter2";
  const AWS = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01";
  test.each<[string, string, Changes]>([
    ["accepted credentials", SECRET, { "state.credentials": { accessKey: SECRET, secretKey: SECRET } }],
    ["malformed credentials", SECRET, { "state.credentials": { accessKey: SECRET, secret: SECRET } }],
    ["credentials as text", SECRET, { "state.credentials": SECRET }],
    ["credentials in a list", SECRET, { "state.credentials": [SECRET] }],
    ["credentials one level up", SECRET, { state: { accessKey: SECRET } }],
    [
      "a password in a URL",
      SECRET,
      { "gitops.repository": `https://user:${SECRET}@git.example.org/lab.git` },
    ],
    ["a token in a URL", SECRET, { "state.endpoint": `http://${SECRET}@minio.example.org:9000` }],
    [
      "an age identity for a recipient",
      "SECRET-KEY-1QQ",
      { "backup.ageRecipients": ["AGE-SECRET-KEY-1QQQ"] },
    ],
    ["a bcrypt hash for a mode", "$2a$10$", { "argocd.admin": "$2a$10$abcdefghijklmnopqrstuv" }],
    ["a GitHub token for a branch", "ghp_", { "gitops.revision": `ghp_${"a1".repeat(18)} ` }],
    ["an AWS key id for a region", "AKIA", { "state.region": "AKIAIOSFODNN7EXAMPLE!" }],
    ["an AWS secret key for a disk", AWS, { "nodes.0.installDisk": AWS }],
    ["a private key for a reason", "BEGIN", { "backup.prefix": "-----BEGIN PRIVATE KEY-----" }],
    ["a password under an unknown name", SECRET, { "argocd.adminPassword": SECRET }],
  ])("%s", (_, secret, changes) => {
    expect.assertions(3);
    try {
      parseEnvironment(changed(lab(), changes), { today: TODAY });
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      expect((error as EnvironmentError).message).not.toContain(secret);
      expect(JSON.stringify((error as EnvironmentError).problems)).not.toContain(secret);
    }
  });
});
