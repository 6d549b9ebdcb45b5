/** The database of an app on a server of the homelab, in place of the variables that lead to it. */
import { database } from "../../../lib/app/database.ts";
import type { AppDeclaration, DeclaredLink } from "../../../lib/app/declaration.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";

/** A Database of CloudNativePG, with the path in the secret store of what its role logs in with. */
export interface ManagedDatabase {
  readonly server: string;
  readonly name: string;
  readonly owner: string;
  readonly path: string | undefined;
}

interface Surroundings {
  readonly app: string;
  readonly apps: readonly AppDeclaration[];
  readonly managed: readonly ManagedDatabase[];
  /** Texts by which it names whom it calls. */
  readonly texts: readonly string[];
  readonly note: (what: string) => void;
}

/** Ends of variables' names, behind what all those of one connection begin with. */
const ENDS = {
  host: /HOST(NAME)?$|SERVER$/,
  port: /PORT$/,
  name: /(DATABASE_|DB_?)?NAME$|DATABASE$|DB$/,
  user: /USER(_?NAME)?$/,
  password: /PASS(WORD|WD)?$/,
} as const;
type Part = keyof typeof ENDS;
/** A variable whose value in a Secret holds the whole connection. */
const CONNECTION = /(DATABASE|POSTGRES(QL)?|PG|DB)_(UR[IL]|DSN)$/;
const NAME_IN_URL = /^(?::\d+)?\/([\w-]+)/;

/** The app with `database`, or as it is when it calls no server or nothing says where its role's credentials are. */
export const withDatabase = (props: Fields, around: Surroundings): Fields => {
  const { app, apps, managed, texts, note } = around;
  const env = fieldsOf(props.env);
  const paths = listOf(props.secrets).map(textOf);
  const own = managed.find(({ path = "" }) => paths.includes(path));
  const isHidden = Object.entries(env).some(([key, value]) => CONNECTION.test(key) && isFields(value));
  const server = apps.find(
    (each) =>
      each.props.databaseServer &&
      (texts.some((text) => text.includes(addressOf(each))) || (isHidden && own?.server === each.name)),
  );
  if (server === undefined) return props;
  const variables = variablesOf(env, addressOf(server));
  const urls = texts.flatMap((text) => NAME_IN_URL.exec(afterAddress(text, server))?.[1] ?? []);
  const name = textOf(env[variables.name ?? ""]) || urls[0] || own?.name;
  const object = managed.find((each) => each.server === server.name && each.name === name);
  const isLogin = (path: string) =>
    (["user", "password"] as const).every((part) => {
      const value = env[variables[part] ?? ""];
      return isFields(value) && isTheSame(part, value, path);
    });
  const secret = paths.find((path) => path === object?.path) ?? paths.find(isLogin);
  if (name === undefined || secret === undefined) {
    note(
      `database on ${server.name}: say database(…), with one of secrets that has the keys username and password`,
    );
    return props;
  }
  const owner = object?.owner ?? (textOf(env[variables.user ?? ""]) || name);
  const taken = Object.fromEntries(
    Object.entries(variables).filter(([part, key]) => isTheSame(part as Part, env[key], secret)),
  );
  const dropped = Object.values(taken);
  const rest = Object.entries(env).filter(([key]) => !dropped.includes(key));
  const links = (listOf(props.network) as readonly DeclaredLink[]).filter((link) => !isWayTo(server, link));
  return {
    ...props,
    ...(dropped.length > 0 && { env: rest.length > 0 ? Object.fromEntries(rest) : undefined }),
    ...(props.network !== undefined && { network: links.length > 0 ? links : undefined }),
    database: database(server, {
      ...(name !== app.replaceAll("-", "_") && { name }),
      ...(owner !== name && { owner }),
      ...(secret !== paths[0] && { secret }),
      ...(dropped.length > 0 && { variables: taken }),
    }),
  };
};

/** `postgresql-shared-rw.databases`. */
export const addressOf = ({ name, props }: AppDeclaration): string =>
  `${props.service?.name ?? name}.${props.namespace ?? name}`;

const afterAddress = (text: string, server: AppDeclaration): string =>
  (text.split(addressOf(server))[1] ?? "").replace(/^\.svc(\.cluster\.local)?/, "");

/** The variables of a connection: those that begin as the one of the host does. */
const variablesOf = (env: Fields, address: string): Partial<Record<Part, string>> => {
  const isHost = (value: unknown) =>
    new RegExp(`^${address}(\\.svc(\\.cluster\\.local)?)?$`).test(textOf(value));
  const [host] = Object.entries(env).find(([key, value]) => ENDS.host.test(key) && isHost(value)) ?? [];
  if (host === undefined) return {};
  const start = host.replace(ENDS.host, "");
  const called = (end: RegExp) =>
    Object.keys(env).find((key) => key.startsWith(start) && key.slice(start.length).replace(end, "") === "");
  const found = Object.entries(ENDS).map(
    ([part, end]) => [part, part === "host" ? host : called(end)] as const,
  );
  return Object.fromEntries(found.filter(([, key]) => key !== undefined));
};

/** True when the connection of `database` gives a variable what it has. */
const isTheSame = (part: Part, value: unknown, secret: string): boolean => {
  if (part === "port") return value === "5432";
  if (typeof value === "string") return part !== "password";
  const { key, path } = fieldsOf(value);
  return path === secret && key === (part === "user" ? "username" : part);
};

const isWayTo = ({ name, props }: AppDeclaration, link: DeclaredLink): boolean =>
  link.kind === "uses" && link.app === name && link.ports.every(({ start }) => start === props.port);
