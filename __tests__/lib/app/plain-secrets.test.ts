/** Secrets in what an app sends are refused with their place and never repeated; references to Secrets are none. */
import { describe, expect, test } from "vitest";
import { app } from "../../../lib/app/declaration.ts";
import { notSecret } from "../../../lib/app/not-secret.ts";
import { chartApp, type Fields, imageApp, problems } from "./lab.ts";

const refused = (path: string) =>
  `${path}: must not be a literal: give a path in secrets, and name the Secret; what is none says notSecret(text, why): got "(not shown)"`;
const withValues = (values: object): string[] => problems([chartApp({ values })]);
const GITHUB = `ghp_${"a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"}`;

describe("a variable of an image", () => {
  test.each([
    "DB_PASS",
    "JWT_SECRET",
    "PASSWORD",
    "API_KEY",
    "apiKey",
    "ADMIN_PASSWORD_1",
    "PGPASSWORD",
    "SESSION_KEY",
    "OPENAI_KEY",
    "GITHUB_PAT",
    "MASTERKEY",
    "PRIVATE_KEY_PEM",
    "SECRET_KEY_BASE",
    "ADMIN_PASS_HASH",
  ])("%s", (name) => {
    const found = problems([imageApp({ env: { [name]: "hunter2" } })]);
    expect(found).toEqual([refused(`apps.web.env.${name}`)]);
  });

  test.each([
    ["a connection string", "postgres://web:hunter2@db.example.org/web"],
    ["one without a user", "redis://:hunter2@cache:6379"],
    ["a token of GitHub", GITHUB],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----"],
    ["what chance would not write", "k9Jx2Lq8Zt4Wv7Rb1Nc6Yp3Mh5Gd0Fs"],
    ["a token of the web", `eyJ${"hbGciOiJIUzI1NiJ9"}.eyJ${"zdWIiOiIxMjM0In0"}.dozjgNryP4J3jVmNHl0w5N`],
    ["a bot's token", `123456789:AA${"F1abcdefghijklmnopqrstuvwxyz012345"}`],
    ["a key of age", `AGE-SECRET-KEY-1${"QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"}`],
    ["a hash of htpasswd", "admin:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"],
    ["a password in a query", "jdbc:postgresql://db/web?user=web&password=hunter2&ssl=true"],
    ["a key in a query", "https://api.example.org/v1?api_key=hunter2"],
    ["a file of settings", "user=web\npassword=hunter2\n"],
  ])("%s, under an innocent name", (_, text) => {
    const found = problems([imageApp({ env: { SETTINGS: text } })]);
    expect(found).toEqual([refused("apps.web.env.SETTINGS")]);
  });
});

describe("values of a chart, at any depth", () => {
  test.each<[string, object, string]>([
    ["a list of variables", { env: [{ name: "DB_PASS", value: "hunter2" }] }, "env[0].value"],
    ["a map of variables", { main: { env: { DB_PASS: { value: "hunter2" } } } }, "main.env.DB_PASS.value"],
    ["arguments", { main: { args: ["serve", "--password=hunter2"] } }, "main.args[1]"],
    ["a flag and its value", { args: ["--admin-token", "hunter2"] }, "args[1]"],
    ["a command line", { command: ["sh", "-c", "app --token hunter2 --quiet"] }, "command[2]"],
    ["a variable of a command line", { command: ["sh", "-c", "DB_PASS=hunter2 app"] }, "command[2]"],
    ["a password", { auth: { adminPassword: "hunter2" } }, "auth.adminPassword"],
    ["a password of digits", { auth: { adminPassword: 12345678 } }, "auth.adminPassword"],
    ["a list of passwords", { auth: { token: ["hunter2"] } }, "auth.token[0]"],
    [
      "an annotation",
      { podAnnotations: { "example.org/api-token": "hunter2" } },
      "podAnnotations.example.org/api-token",
    ],
    ["basic authentication", { command: ["sh", "-c", "curl -u web:hunter2 https://db"] }, "command[2]"],
    ["a header", { args: ["-H", "Authorization: Bearer hunter2-hunter2"] }, "args[1]"],
    ["another spelling", { args: ["--requirepass", "hunter2"] }, "args[1]"],
    [
      "a web hook, which lets in whoever knows it",
      { url: `https://discord.com/api/webhooks/1234/${"aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3"}` },
      "url",
    ],
    ["a Secret of app-template", { secrets: { a: { stringData: { b: "hunter2" } } } }, "secrets.a"],
    ["a Secret as text", { extra: "kind: Secret\nstringData:\n  a: hunter2\n" }, "extra"],
    ["a Secret", { extra: [{ kind: "Secret", stringData: { a: "b" } }] }, "extra[0]"],
    ["a file", { config: { "app.yaml": "db:\n  password: hunter2\n" } }, "config.app.yaml"],
  ])("%s", (_, values, path) => {
    const found = withValues(values);
    expect(found).toEqual([refused(`apps.charted.${path}`)]);
    expect(found.join()).not.toContain("hunter2");
  });

  test("a flag", () => {
    const flags = { admin: { parameter: "auth.adminPassword", prod: "hunter2" } };
    expect(problems([chartApp({ flags })])).toEqual([refused("apps.charted.flags.auth.adminPassword")]);
  });

  test("a flag that sets a variable of a list", () => {
    const flags = { admin: { parameter: "env[0].value", prod: "hunter2" } };
    const values = { env: [{ name: "DB_PASS", value: "" }] };
    expect(problems([chartApp({ values, flags })])).toEqual([refused("apps.charted.flags.env[0].value")]);
  });
});

test.each<[string, Fields]>([
  [
    "a reference to a Secret",
    { env: [{ name: "DB_PASS", valueFrom: { secretKeyRef: { name: "a", key: "password" } } }] },
  ],
  ["the name of its Secret", { auth: { passwordSecret: "charted-secrets" } }],
  ["an existing Secret", { auth: { existingSecret: "somewhere" } }],
  ["a variable of the pod", { args: ["--password=$(DB_PASS)", "--token", "$TOKEN"] }],
  ["a file with it", { env: [{ name: "DB_PASS_FILE", value: "/run/secrets/db" }], passwordKey: "password" }],
  ["a choice", { serviceAccount: { automountServiceAccountToken: false }, auth: { token: "" } }],
  ["a digest", { image: { digest: `sha256:${"0a1b2c3d".repeat(8)}` } }],
  ["an address", { url: "https://grafana.example.org/d/a1B2c3/dashboard" }],
  ["a key that everybody may have", { env: [{ name: "SSH_PUBLIC_KEY", value: "a" }] }],
  ["nginx", { conf: "location / { proxy_pass http://127.0.0.1:8080; }" }],
])("%s is none", (_, values) => {
  expect(problems([chartApp({ values, secrets: ["/apps/charted"] })])).toEqual([]);
});

describe("a marker", () => {
  test("with a reason is believed", () => {
    const text = notSecret("public-demo", "the demonstration's, printed in its manual");
    expect(problems([imageApp({ env: { DB_PASS: text } })])).toEqual([]);
  });

  test("without one is not", () => {
    expect(problems([imageApp({ env: { DB_PASS: notSecret("quiet", " ") } })])).toHaveLength(1);
  });
});

test("what an environment lays over is judged too", () => {
  const declared = app("late", {
    image: "example/late:v1.0.0",
    port: 80,
    host: { prod: "late.example.org" },
    size: "xs",
    override: { prod: { env: { JWT_SECRET: "hunter2" } } },
  });
  expect(problems([declared])).toEqual([refused("apps.late.env.JWT_SECRET")]);
});
