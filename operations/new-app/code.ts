/** Writes an app's file as a developer would: with the functions of `lib/app/index.ts`. */
import { type Fields, isFields, textOf } from "../../lib/core/fields.ts";
import { Port } from "../../lib/network/port.ts";
import { identifierOf } from "./declared.ts";

/** A value as code; the functions that it calls are added to `used`. */
export const codeOf = (value: unknown, used: Set<string>): string => {
  if (value instanceof Port) return portCode(value, used);
  if (Array.isArray(value)) return `[${value.map((each) => codeOf(each, used)).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value) ?? "undefined";
  return databaseCode(value, used) ?? callCode(value, used) ?? objectCode(value, used);
};

/** A database names its server by the constant of its app, which the file imports. */
const databaseCode = ({ on, ...options }: Fields, used: Set<string>): string | undefined => {
  if (!isFields(on) || !isFields(on.props)) return undefined;
  used.add("database");
  const more = Object.keys(options).length > 0 ? `,${codeOf(options, used)}` : "";
  return `database(${identifierOf(textOf(on.name))}${more})`;
};

const objectCode = (value: Fields, used: Set<string>): string =>
  `{${Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .map(([key, each]) => `${JSON.stringify(key)}:${codeOf(each, used)}`)
    .join(",")}}`;

const portCode = ({ protocol, start, end }: Port, used: Set<string>): string => {
  used.add("Port");
  return `Port.${protocol.toLowerCase()}(${start === end ? start : `${start}, ${end}`})`;
};

/** The function that makes each kind of thing; a field of the same name in values has other fields beside it. */
const CALLS: Readonly<Record<string, (fields: Fields) => readonly [string, ...unknown[]] | undefined>> = {
  "secret-key": ({ key, path }) => ["fromSecret", key, ...given(path)],
  nfs: ({ server, share, subPath, readOnly }) => [
    "nfs",
    server,
    share,
    ...given(optional({ subPath, readOnly })),
  ],
  scratch: ({ size, inMemory }) => [inMemory === true ? "memory" : "scratch", size],
  secret: ({ path }) => ["secretFiles", path],
  file: ({ path }) => ["fileBeside", path],
  sidecar: ({ kind: _, ...fields }) => ["sidecar", fields],
  init: ({ kind: _, ...fields }) => ["initContainer", fields],
  schedule: ({ schedule, timeZone }) => ["onSchedule", schedule, timeZone],
  once: () => ["once"],
  exposed: ({ by, ports }) => ["exposedBy", by, ...list(ports)],
  gateway: () => ["gateway"],
  metrics: () => ["metrics"],
  "load-balancer": ({ address }) => ["loadBalancer", address],
  uses: ({ app, ports }) => ["uses", app, ...list(ports)],
  reached: ({ from, ports }) => ["reachedBy", from, ...list(ports)],
  egress: ({ to, ports }) => ["egressTo", to, ...list(ports)],
  internet: ({ ports }) => ["egressToInternet", ...list(ports)],
  scraped: ({ by, ports }) => ["scrapedBy", by, ...list(ports).map((port) => (port as Port).start)],
  itself: ({ ports }) => ["talksToItself", ...list(ports)],
  nodes: () => ["usesKubernetesApi"],
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const given = (value: unknown): unknown[] => (value === undefined ? [] : [value]);
const optional = (fields: Fields): Fields | undefined => {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : Object.fromEntries(said);
};

const callCode = (value: Fields, used: Set<string>): string | undefined => {
  const call =
    typeof value.kind === "string" && !("apiVersion" in value) ? CALLS[value.kind]?.(value) : undefined;
  if (call === undefined) return undefined;
  const [name, ...args] = call;
  used.add(name);
  if (name === "gateway" || name === "metrics") return name;
  return `${name}(${args.map((each) => codeOf(each, used)).join(",")})`;
};
