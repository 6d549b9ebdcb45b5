/** One line for a database on a PostgreSQL server that CloudNativePG runs. */
import type { AppDeclaration, AppReference } from "./declaration.ts";
import type { DatabaseOptions, DeclaredDatabase } from "./declared-database.ts";
import { fromSecret, type Variable } from "./variables.ts";
/** A database as it is in an environment. */
export interface Database {
  readonly server: AppDeclaration;
  readonly name: string;
  readonly owner: string;
  /** Path of its credentials; undefined for an app without secrets. */
  readonly secret: string | undefined;
}

/**
 * A database of the app's own, with a role that its credentials log in as; the way to the server is open and the app
 * comes after it. The server's backup holds it with all others. Refused: a server that is none or that nobody backs up, a
 * name that another app has, an app without credentials.
 * @param on the server, e.g. `postgresqlShared`
 */
export const database = (
  on: AppReference,
  options: DatabaseOptions = {},
): DeclaredDatabase<AppReference> => ({
  on,
  ...options,
});

/** @param server found by `declared.on` */
export const databaseOf = (
  app: string,
  secrets: readonly string[],
  { name = app.replaceAll("-", "_"), owner = name, secret = secrets[0] }: DeclaredDatabase<AppReference>,
  server: AppDeclaration,
): Database => ({ server, name, owner, secret });

/** The variables of a connection, for an image. */
export const connectionVariables = (
  { variables = {} }: DeclaredDatabase<AppReference>,
  { server, name, secret }: Database,
): Record<string, Variable> => {
  const service = server.props.service?.name ?? server.name;
  const all: readonly (readonly [string | undefined, Variable])[] = [
    [variables.host, `${service}.${server.props.namespace ?? server.name}.svc.cluster.local`],
    [variables.port, String(server.props.port)],
    [variables.name, name],
    [variables.user, fromSecret("username", secret)],
    [variables.password, fromSecret("password", secret)],
  ];
  return Object.fromEntries(all.flatMap(([key, value]) => (key === undefined ? [] : [[key, value]])));
};
