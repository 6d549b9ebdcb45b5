/** The doctor's access to the world, each probe behind a function that a test can replace. All of them only read. */
import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Environment } from "../../environments/schema.ts";
import { type RunCommand, runCommand } from "../../lib/core/process/command.ts";
import { type MachinePatches, writtenPatches } from "../talos/machine-drift.ts";
import {
  type BucketSettings,
  type KeyedPlace,
  type LockTrial,
  readSettings,
  tryLock,
} from "./bucket-probe.ts";

export interface HttpAnswer {
  readonly status: number;
  /** The server's `Date` header, in milliseconds since 1970; undefined when it sends none. */
  readonly serverTime: number | undefined;
  /** The workstation's clock, half-way between question and answer. */
  readonly localTime: number;
}

export interface ServerCertificate {
  /** Common name of its subject. */
  readonly name: string;
  /** End of its validity, in milliseconds since 1970. */
  readonly end: number;
}

export interface Probes {
  readonly run: RunCommand;
  /** HEAD of a URL, without credentials. Rejects when nothing answers in time. */
  readonly head: (url: string, timeout: number) => Promise<HttpAnswer>;
  /** The certificate that a server shows. Rejects when nothing answers in time. */
  readonly certificate: (host: string, port: number, timeout: number) => Promise<ServerCertificate>;
  /** Rejects when nothing answers in time. */
  readonly connect: (host: string, port: number, timeout: number) => Promise<void>;
  /** Terraform's lock tried on a bucket with its keys, or with those of this workstation. */
  readonly tryLock: (place: KeyedPlace) => Promise<LockTrial>;
  /** Settings of a bucket, read with the keys of this workstation. */
  readonly bucketSettings: (place: KeyedPlace) => Promise<BucketSettings>;
  /** The patches of each machine's configuration, by node, as this revision writes them. */
  readonly machinePatches: (environment: Environment) => Promise<MachinePatches>;
  /** Text of a file; undefined when it cannot be read. */
  readonly readFile: (path: string) => string | undefined;
  readonly variable: (name: string) => string | undefined;
  readonly home: string;
  readonly nodeVersion: string;
  readonly now: () => number;
}

const inTime = <T>(
  timeout: number,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => () => void,
) =>
  new Promise<T>((resolve, reject) => {
    const end = begin(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    const timer = setTimeout(() => settle(() => reject(new Error("no answer in time"))), timeout);
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      end();
      how();
    };
  });

export const workstation = (home: string): Probes => ({
  run: runCommand,
  head: async (url, timeout) => {
    const before = Date.now();
    const { status, headers } = await fetch(url, {
      method: "HEAD",
      redirect: "manual",
      signal: AbortSignal.timeout(timeout),
    });
    const date = Date.parse(headers.get("date") ?? "");
    return {
      status,
      serverTime: Number.isNaN(date) ? undefined : date,
      localTime: (before + Date.now()) / 2,
    };
  },
  certificate: (host, port, timeout) =>
    inTime<ServerCertificate>(timeout, (resolve, reject) => {
      // Its authority is the cluster's own; only the dates are read, and nothing is sent.
      const socket = connectTls({ host, port, rejectUnauthorized: false }, () => {
        const { subject, valid_to: end } = socket.getPeerCertificate();
        resolve({ name: String(subject?.CN ?? ""), end: Date.parse(end) });
      });
      socket.on("error", reject);
      return () => socket.destroy();
    }),
  connect: (host, port, timeout) =>
    inTime<void>(timeout, (resolve, reject) => {
      const socket = connectTcp({ host, port }, () => resolve());
      socket.on("error", reject);
      return () => socket.destroy();
    }),
  tryLock: (place) => tryLock(place, process.env),
  bucketSettings: (place) => readSettings(place, process.env),
  machinePatches: writtenPatches,
  readFile: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return undefined;
    }
  },
  variable: (name) => process.env[name],
  home,
  nodeVersion: process.version,
  now: Date.now,
});
