import { expect, test } from "vitest";
import { findSecrets } from "../../../../lib/core/synthesis/secrets.ts";

const inLocal = (value: string) =>
  findSecrets({ resource: { thing: { x: { note: `before ${value} after` } } } });
const repeat = (text: string, times: number) => text.repeat(times);

test.each([
  ["a private key", ["-----BEGIN", "EC PRIVATE", "KEY-----"].join(" ")],
  ["an age identity", `AGE-SECRET-KEY-${repeat("1QXYZ", 5)}`],
  ["an AWS access key", `AKIA${repeat("ABCD", 4)}`],
  ["a bcrypt hash", `$2b$10$${repeat("a", 53)}`],
  ["a JSON web token", `eyJ${repeat("hbGci", 3)}.eyJ${repeat("zdWIi", 3)}.sig`],
  ["a GitHub token", `ghp_${repeat("a1B2", 9)}`],
  ["a URL with a password", "https://user:hunter2@example.org/x"],
  ["a base64 private key", `LS0tLS1CRUdJTi${repeat("BQUk", 6)}`],
])("finds %s wherever it stands, and does not repeat it", (form, value) => {
  expect(inLocal(value)).toEqual([`resource.thing.x.note: looks like ${form}`]);
});

test.each(["password", "admin_password", "secret_key", "client_key", "access_token", "clientSecret"])(
  "%s must be a reference",
  (attribute) => {
    const stack = (value: string) => ({ resource: { thing: { x: { [attribute]: value } } } });
    expect(findSecrets(stack("hunter2"))).toEqual([
      `resource.thing.x.${attribute}: holds a secret: its value must be a reference, and is a literal`,
    ]);
    expect(findSecrets(stack("${var.password}"))).toEqual([]);
    expect(findSecrets(stack(""))).toEqual([]);
  },
);

test("names and paths of secrets are no secrets", () => {
  expect(findSecrets({ resource: { thing: { x: { password_file: "/etc/x", secret_name: "y" } } } })).toEqual(
    [],
  );
  expect(findSecrets({ resource: { thing: { x: { url: "https://example.org:443/a@b" } } } })).toEqual([]);
});

test("a sensitive variable has no default", () => {
  expect(findSecrets({ variable: { key: { type: "string", sensitive: true, default: "x" } } })).toEqual([
    "variable.key: a sensitive variable must not have a default",
  ]);
  expect(findSecrets({ variable: { key: { type: "string", sensitive: true } } })).toEqual([]);
});

test("the backend's own keys are the backend rule's business, in remote states too", () => {
  const s3 = { access_key: "a", secret_key: "b" };
  expect(findSecrets({ terraform: { backend: { s3 } } })).toEqual([]);
  expect(findSecrets({ data: { terraform_remote_state: { x: { config: s3 } } } })).toEqual([]);
  expect(findSecrets({ data: { other: { x: { config: s3 } } } })).toHaveLength(1);
});
