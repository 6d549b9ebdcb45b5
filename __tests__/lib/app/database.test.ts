/** `database(server)`: what the app gets, what the server gets, and what is refused. */
import { describe, expect, test } from "vitest";
import { appAllowance } from "../../../lib/app/allowances.ts";
import { catalogueOf } from "../../../lib/app/catalogue.ts";
import { database } from "../../../lib/app/database.ts";
import { fieldsOf } from "../../../lib/core/fields.ts";
import { chartApp, environment, type Fields, imageApp, problems, resolved } from "./lab.ts";

const SECRET = "/apps/tools/web-shop";
const server = (changes: Fields = {}) =>
  chartApp(
    {
      host: undefined,
      environments: ["prod"],
      namespace: "tools",
      port: 5432,
      service: { name: "pg-rw", port: 5432 },
      databaseServer: { cluster: "objects.cluster.spec", objects: "objects" },
      values: {
        objects: {
          cluster: { kind: "Cluster", spec: { managed: { roles: [{ name: "old" }] } } },
          daily: { kind: "ScheduledBackup" },
        },
      },
      ...changes,
    },
    "pg",
  );
const shop = (changes: Fields = {}, name = "web-shop") =>
  imageApp({ secrets: [SECRET], database: database("pg"), ...changes }, name);

describe("an app with a database", () => {
  const variables = {
    host: "DB_HOST",
    port: "DB_PORT",
    name: "DB_NAME",
    user: "DB_USER",
    password: "DB_PASS",
  };
  const declared = shop({ database: database("pg", { variables }) });

  test("reaches the server, comes after it, and reads the connection from variables", () => {
    const pg = server();
    const all = catalogueOf([declared, pg], environment());
    expect(all.problems).toEqual([]);
    const app = resolved(declared, [pg]);
    expect(app.dependencies.map(({ name }) => name)).toEqual(["pg"]);
    expect(
      appAllowance(app, all.apps)?.routes.map(({ to, ports }) => `${to.label} ${ports.join()}`),
    ).toContain("tools/pg 5432/TCP");
    expect(app.env).toMatchObject({
      DB_HOST: "pg-rw.tools.svc.cluster.local",
      DB_PORT: "5432",
      DB_NAME: "web_shop",
      DB_USER: { key: "username", path: SECRET },
      DB_PASS: { key: "password", path: SECRET },
    });
  });

  test("has a role with its credentials, and a database, on the server", () => {
    const pg = resolved(server(), [declared]);
    const objects = fieldsOf(pg.values.objects);
    expect(fieldsOf(fieldsOf(objects.cluster).spec).managed).toEqual({
      roles: [
        { name: "old" },
        { name: "web_shop", ensure: "present", login: true, passwordSecret: { name: "pg-web-shop-secrets" } },
      ],
    });
    expect(objects["web-shop"]).toEqual({
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Database",
      spec: { spec: { cluster: { name: "pg" }, name: "web_shop", owner: "web_shop", ensure: "present" } },
    });
    expect(pg.secrets).toEqual([SECRET]);
  });
});

test("a server that nobody uses is as it is declared", () => {
  const alone = server({ isolated: "nobody uses it in this test" });
  expect(resolved(alone).values).toEqual(alone.props.values);
});

describe("refused", () => {
  const lines = (declared: Parameters<typeof problems>[0]) => problems(declared).join("\n");

  test.each<[string, Fields, string]>([
    [
      "an app without credentials",
      { secrets: [] },
      'database.secret: must be a path in secrets, with the keys username and password: got "no secrets"',
    ],
    [
      "credentials of another app",
      { database: database("pg", { secret: "/apps/x" }) },
      "database.secret: must be a path in secrets",
    ],
    [
      "a name that is none",
      { database: database("pg", { name: "Web Shop" }) },
      "database.name: must be a name of PostgreSQL",
    ],
    [
      "the operator's own role",
      { database: database("pg", { owner: "postgres" }) },
      "database.owner: must be a role of PostgreSQL's that",
    ],
    [
      "a server of another kind",
      { database: database("other") },
      'database.on: must be an app with databaseServer, pg: got "other"',
    ],
    ["a server that there is not", { database: database("pgg") }, "database.on: must be the name of an app"],
  ])("%s", (_, changes, says) => {
    const other = imageApp({}, "other");
    expect(lines([shop(changes), server(), other])).toContain(`apps.web-shop.${says}`);
  });

  test("a name, or a role, of two apps", () => {
    const second = shop(
      { database: database("pg", { name: "web_shop", owner: "x" }), secrets: ["/a/b"] },
      "second",
    );
    expect(lines([shop(), second, server()])).toContain(
      'apps.second.database.name: must be of one app; web-shop has it, or its role, too: got "web_shop"',
    );
  });

  test("a server that nobody backs up, one that hibernates, and one that lives elsewhere", () => {
    expect(lines([shop(), server({ values: {} })])).toContain("its values have no ScheduledBackup");
    expect(lines([shop(), server({ hibernate: true })])).toContain(
      "apps.web-shop.database.on: must not hibernate",
    );
    expect(lines([shop(), server({ environments: ["dev"] })])).toContain(
      "must live in prod too, as web-shop does",
    );
  });
});
