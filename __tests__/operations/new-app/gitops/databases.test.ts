import { expect, test } from "vitest";
import { postgresqlShared } from "../../../../apps/postgresql-shared.ts";
import { uses } from "../../../../lib/app/links.ts";
import { fromSecret } from "../../../../lib/app/variables.ts";
import type { Fields } from "../../../../lib/core/fields.ts";
import { withDatabase } from "../../../../operations/new-app/gitops/databases.ts";

const HOST = "postgresql-shared-rw.databases.svc.cluster.local";
const PATH = "/apps/photos";
const USED = { network: [uses("postgresql-shared")], secrets: [PATH] };
const managed = { server: "postgresql-shared", name: "photos", owner: "photos", path: PATH };

const carried = (env: Fields, props: Fields = USED, databases = [managed]) => {
  const notes: string[] = [];
  const texts = Object.values(env).filter((value) => typeof value === "string");
  const all = { app: "photos", apps: [postgresqlShared], managed: databases, texts };
  const { database, ...rest } = withDatabase(
    { ...props, env },
    { ...all, note: (what) => void notes.push(what) },
  );
  const { on, ...options } = (database ?? {}) as Fields;
  return { options: on === postgresqlShared ? options : undefined, rest, notes };
};

const login = (path?: string) => ({
  DB_USERNAME: fromSecret("username", path),
  DB_PASSWORD: fromSecret("password", path),
});

test("an address in a URL: the variable stays, and the way is the database's", () => {
  const { options, rest } = carried({ URL: `postgres://photos@${HOST}:5432/photos` });
  expect(options).toEqual({});
  expect(rest).toEqual({
    env: { URL: `postgres://photos@${HOST}:5432/photos` },
    network: undefined,
    secrets: [PATH],
  });
});

test("a connection that stands in a Secret, whose role is a managed one", () => {
  expect(carried({ DATABASE_URL: fromSecret("DATABASE_URL", PATH) }).options).toEqual({});
  expect(carried({ DATABASE_URL: "/data/db.sqlite3" }).options).toBeUndefined();
  expect(carried({ DATABASE_URL: fromSecret("DATABASE_URL", PATH) }, USED, []).options).toBeUndefined();
});

test("name, owner and path that are not the usual ones", () => {
  const database = { ...managed, name: "album", owner: "curator", path: "/db" };
  const props = { ...USED, secrets: [PATH, "/db"] };
  const env = { DB_HOSTNAME: HOST, DB_DATABASE_NAME: "album", ...login("/db"), DB_WAIT: "1" };
  const { options, rest } = carried(env, props, [database]);
  expect(options).toEqual({
    name: "album",
    owner: "curator",
    secret: "/db",
    variables: {
      host: "DB_HOSTNAME",
      name: "DB_DATABASE_NAME",
      user: "DB_USERNAME",
      password: "DB_PASSWORD",
    },
  });
  expect(rest.env).toEqual({ DB_WAIT: "1" });
});

test("a role that nothing manages, with the keys that the server wants", () => {
  expect(carried({ DB_HOST: HOST, DB_NAME: "photos", ...login(PATH) }, USED, []).options).toMatchObject({
    variables: { host: "DB_HOST" },
  });
});

test("variables that the database would give otherwise stay", () => {
  const env = { DB_HOST: HOST, DB_PORT: "6432", DB_NAME: "photos", DB_PASSWORD: fromSecret("PG", PATH) };
  expect(carried(env).rest.env).toEqual({ DB_PORT: "6432", DB_PASSWORD: fromSecret("PG", PATH) });
});

test("says what is missing, and changes nothing, where nobody names the credentials", () => {
  const env = { DB_HOST: HOST, DB_NAME: "photos" };
  const { options, rest, notes } = carried(env, USED, []);
  expect(options).toBeUndefined();
  expect(rest).toEqual({ ...USED, env });
  expect(notes).toEqual([
    "database on postgresql-shared: say database(…), with one of secrets that has the keys username and password",
  ]);
});
