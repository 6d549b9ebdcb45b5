/** Databases as apps declare them, and servers that take them. */

/** The paths, with dots, at which the values of a server take what apps ask of it. */
export interface DatabaseServer {
  /** The spec of its Cluster: roles go below it. */
  readonly cluster: string;
  /** A map of further objects, by their keys. */
  readonly objects: string;
}

/** Names of the variables that an image reads its connection from. */
interface ConnectionVariables {
  readonly host?: string;
  readonly port?: string;
  readonly name?: string;
  readonly user?: string;
  readonly password?: string;
}

export interface DatabaseOptions {
  /** @default - the app's name, with _ for - */
  readonly name?: string;
  /** Role that owns it. @default - the name of the database */
  readonly owner?: string;
  /**
   * One of the app's `secrets`, with the keys `username`, which is the owner, and `password`. Without the first the
   * operator never calls the whole server ready.
   * @default - the first of them
   */
  readonly secret?: string;
  /** Variables that an image gets of it; a chart says them in its values. @default - none */
  readonly variables?: ConnectionVariables;
}

/** A database as an app declares it, with what it refers to its server by. */
export interface DeclaredDatabase<Reference> extends DatabaseOptions {
  readonly on: Reference;
}
