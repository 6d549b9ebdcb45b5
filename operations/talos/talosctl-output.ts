/** Answers of talosctl as values; `homelab talosctl` holds them against what talosctl prints. */
import type { Fields } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { parseTable } from "./talosctl-table.ts";

export interface EtcdStatus {
  /** Address of the node that says it. */
  readonly node: string;
  /** Member id, 16 hexadecimal digits. */
  readonly member: string;
  /** Size of the database, in bytes; rounded by talosctl. */
  readonly size: number;
  readonly leader: string;
  readonly raftIndex: number;
  readonly raftTerm: number;
  readonly appliedIndex: number;
  readonly learner: boolean;
  readonly errors: string;
}

export interface EtcdMember {
  /** Address of the node that says it. */
  readonly node: string;
  readonly id: string;
  readonly hostname: string;
  readonly peerUrls: readonly string[];
  readonly learner: boolean;
}

export interface NodeTime {
  readonly node: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly server: number;
}

export interface Snapshot {
  readonly path: string;
  readonly bytes: number;
  /** Hash of the database as etcd's own tool computes it. */
  readonly hash: string;
  readonly revision: number;
  readonly keys: number;
}

interface Resource {
  readonly node: string;
  readonly spec: Record<string, unknown>;
}

const STATUS = [
  "NODE",
  "MEMBER",
  "DB SIZE",
  "IN USE",
  "LEADER",
  "RAFT INDEX",
  "RAFT TERM",
  "RAFT APPLIED INDEX",
  "LEARNER",
  "PROTOCOL",
  "STORAGE",
  "ERRORS",
] as const;
const MEMBERS = ["NODE", "ID", "HOSTNAME", "PEER URLS", "CLIENT URLS", "LEARNER"] as const;
const ALARMS = ["NODE", "MEMBER", "ALARM"] as const;
const TIMES = ["NODE", "NTP-SERVER", "NODE-TIME", "NTP-SERVER-TIME"] as const;

/** Units of `humanize.Bytes` of github.com/dustin/go-humanize. */
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

const integer = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new Error(`must be a number: got ${JSON.stringify(text)}`);
  return Number(text);
};

const memberId = (text: string): string => {
  if (!/^[0-9a-f]{16}$/.test(text)) throw new Error(`must be a member id: got ${JSON.stringify(text)}`);
  return text;
};

const truth = (text: string): boolean => {
  if (text !== "true" && text !== "false") {
    throw new Error(`must be true or false: got ${JSON.stringify(text)}`);
  }
  return text === "true";
};

const bytes = (text: string): number => {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ([kMGTPE]?B)$/.exec(text) ?? [];
  if (amount === undefined) throw new Error(`must be a size: got ${JSON.stringify(text)}`);
  return Number(amount) * 1000 ** UNITS.indexOf(unit);
};

/** Go's `time.Time.String()` of a time in UTC. */
const time = (text: string): number => {
  const [, day, clock, fraction = ""] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? \+0000 UTC$/.exec(text) ?? [];
  const value = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}Z`);
  if (Number.isNaN(value)) throw new Error(`must be a time in UTC: got ${JSON.stringify(text)}`);
  return value;
};

export const parseStatus = (text: string): EtcdStatus[] =>
  parseTable(text, STATUS).map((row) => ({
    node: row.NODE,
    member: memberId(row.MEMBER),
    size: bytes(row["DB SIZE"]),
    leader: memberId(row.LEADER),
    raftIndex: integer(row["RAFT INDEX"]),
    raftTerm: integer(row["RAFT TERM"]),
    appliedIndex: integer(row["RAFT APPLIED INDEX"]),
    learner: truth(row.LEARNER),
    errors: row.ERRORS,
  }));

export const parseMembers = (text: string): EtcdMember[] =>
  parseTable(text, MEMBERS).map((row) => ({
    node: row.NODE,
    id: memberId(row.ID),
    hostname: row.HOSTNAME,
    peerUrls: row["PEER URLS"].split(",").filter((url) => url !== ""),
    learner: truth(row.LEARNER),
  }));

/** The alarms, each once: every node that is asked tells all of them, and `NODE` is who told. */
export const parseAlarms = (text: string): string[] =>
  text.trim() === ""
    ? []
    : [...new Set(parseTable(text, ALARMS).map(({ ALARM, MEMBER }) => `${ALARM} of ${memberId(MEMBER)}`))];

export const parseTimes = (text: string): NodeTime[] =>
  parseTable(text, TIMES).map((row) => ({
    node: row.NODE,
    time: time(row["NODE-TIME"]),
    server: time(row["NTP-SERVER-TIME"]),
  }));

export const parseSnapshot = (text: string): Snapshot => {
  const saved = /^etcd snapshot saved to "(.+)" \((\d+) bytes\)$/m.exec(text);
  const info = /^snapshot info: hash ([0-9a-f]{8}), revision (\d+), total keys (\d+), total size \d+$/m.exec(
    text,
  );
  if (!saved || !info) throw new Error("does not say what it saved");
  return {
    path: saved[1] ?? "",
    bytes: Number(saved[2]),
    hash: info[1] ?? "",
    revision: Number(info[2]),
    keys: Number(info[3]),
  };
};

/** The document with `machine` and `cluster` of a machine's configuration; undefined when it cannot be read. */
export const mainDocument = (configuration: unknown): Fields | undefined =>
  typeof configuration === "string"
    ? manifestObjects(configuration).find((document) => "machine" in document)
    : undefined;

/** `talosctl get -o json`: a JSON object after the other, each closed by a brace at the start of a line. */
export const parseResources = (text: string): Resource[] =>
  text
    .split(/^(?<=^}\n)/m)
    .filter((document) => document.trim() !== "")
    .map((document) => {
      const { node, spec } = JSON.parse(document) as Partial<Resource>;
      if (typeof node !== "string" || typeof spec !== "object" || spec === null) {
        throw new Error("must be resources with a node and a spec");
      }
      return { node, spec };
    });
