/** Databases of apps on servers: roles and objects of those, and what does not go together. */
import { fieldsOf, listOf } from "../core/fields.ts";
import { overlay } from "../core/helm/values.ts";
import type { Database } from "./database.ts";
import type { AppDeclaration } from "./declaration.ts";
import type { DatabaseServer } from "./declared-database.ts";
import type { HelmValue, HelmValues } from "./helm-value.ts";
import { lineOf } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import { secretNameOf } from "./secrets.ts";

/** Servers with the databases that other apps have on them. */
export const withDatabases = (
  apps: ReadonlyMap<AppDeclaration, ResolvedApp>,
): Map<AppDeclaration, ResolvedApp> =>
  new Map(
    [...apps].map(([declaration, app]) => {
      const { databaseServer: places } = declaration.props;
      const users = [...apps.values()]
        .filter(({ database }) => database?.server === declaration)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return [declaration, places && users.length > 0 ? served(app, places, users) : app];
    }),
  );

const served = (server: ResolvedApp, places: DatabaseServer, users: readonly ResolvedApp[]): ResolvedApp => {
  const paths = users.flatMap(({ database }) => database?.secret ?? []);
  const roles = at(server.values, [...places.cluster.split("."), "managed", "roles"]);
  const asked = new Map(
    users.flatMap(({ database }) =>
      database?.secret === undefined
        ? []
        : [[database.owner, role(server.name, database.owner, database.secret)]],
    ),
  );
  const objects = Object.fromEntries(
    users.flatMap(({ name, database }) => (database ? [[name, object(server.name, database)]] : [])),
  );
  const values = [
    below(
      [...places.cluster.split("."), "managed", "roles"],
      [...(listOf(roles) as readonly HelmValue[]), ...asked.values()],
    ),
    below(places.objects.split("."), objects),
  ].reduce(overlay<HelmValues>, server.values);
  return { ...server, values, secrets: [...new Set([...server.secrets, ...paths])] };
};

const at = (values: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((value, key) => fieldsOf(value)[key], values);

const below = (keys: readonly string[], value: HelmValue): HelmValues =>
  keys.reduceRight<HelmValue>((inner, key) => ({ [key]: inner }), value) as HelmValues;

/** Source: CloudNativePG 1.28, postgresql.cnpg.io/v1, Cluster.spec.managed.roles. */
const role = (server: string, name: string, path: string): HelmValue => ({
  name,
  ensure: "present",
  login: true,
  passwordSecret: { name: secretNameOf(server, path) },
});

/** An object of `app-template`, whose spec has the object's own. */
const object = (cluster: string, { name, owner }: Database): HelmValue => ({
  apiVersion: "postgresql.cnpg.io/v1",
  kind: "Database",
  spec: { spec: { cluster: { name: cluster }, name, owner, ensure: "present" } },
});

const IDENTIFIER = /^[a-z_][a-z0-9_]{0,62}$/;
/** Roles that PostgreSQL and the operator keep to themselves. */
const RESERVED = /^(pg_.*|postgres|streaming_replica|cnpg_.*)$/;

/** Problems of the databases of apps, a line each. */
export const databaseProblems = (apps: readonly ResolvedApp[]): string[] => {
  const owners = new Map<string, ResolvedApp>();
  return apps.flatMap((app) => {
    const { database } = app;
    if (!database) return [];
    const { server, name, owner, secret } = database;
    const line = lineOf(app.name);
    const home = apps.find(({ declaration }) => declaration === server);
    const places = server.props.databaseServer;
    const keys = [`${server.name} database ${name}`, `${server.name} role ${owner}`];
    const others = new Set(keys.flatMap((key) => owners.get(key)?.name ?? []));
    for (const key of keys) owners.set(key, app);
    const written = places && server.props.values && at(server.props.values, places.objects.split("."));
    const wrong = (isWrong: boolean, path: string, rule: string, value: unknown) =>
      isWrong ? [line(`database.${path}`, rule, value)] : [];
    return [
      ...wrong(!places, "on", `must be an app with databaseServer${serversAmong(apps)}`, server.name),
      ...wrong(home?.hibernates === true, "on", "must not hibernate", server.name),
      ...wrong(
        places !== undefined && !isBackedUp(home),
        "on",
        "must be a server that is backed up: its values have no ScheduledBackup",
        server.name,
      ),
      ...wrong(
        !IDENTIFIER.test(name),
        "name",
        "must be a name of PostgreSQL: lower case, digits and _",
        name,
      ),
      ...wrong(
        !IDENTIFIER.test(owner) || RESERVED.test(owner),
        "owner",
        "must be a role of PostgreSQL's that neither it nor the operator keeps: lower case, digits and _",
        owner,
      ),
      ...wrong(
        others.size > 0 || fieldsOf(written)[app.name] !== undefined,
        "name",
        `must be of one app; ${[...others].join(", ") || server.name} has it, or its role, too`,
        name,
      ),
      ...wrong(
        secret === undefined || !app.secrets.includes(secret),
        "secret",
        "must be a path in secrets, with the keys username and password",
        secret ?? "no secrets",
      ),
    ];
  });
};

const serversAmong = (apps: readonly ResolvedApp[]): string => {
  const names = apps.filter(({ declaration }) => declaration.props.databaseServer).map(({ name }) => name);
  return names.length > 0 ? `, ${names.join(", ")}` : "";
};

const isBackedUp = (server: ResolvedApp | undefined): boolean =>
  server === undefined || JSON.stringify(server.values).includes('"kind":"ScheduledBackup"');
