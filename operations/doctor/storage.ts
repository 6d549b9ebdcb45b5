/** Checks the storage of the state and of the backups, and compares its clock with the workstation's. */

import { type Backup, stateBucketOf, stateText } from "../../environments/absent.ts";
import type { Environment } from "../../environments/schema.ts";
import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import { lockProblem } from "./bucket-probe.ts";
import { type Diagnosis, fail, ok, unknown, warn } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";

const TIMEOUT = 6_000;
/** The `Date` header has whole seconds. */
const MOST_OFFSET = 5_000;
/** S3 refuses requests that are signed 15 minutes off; certificates' dates matter earlier. */
const BROKEN_OFFSET = 60_000;

const AWS = "https://s3.amazonaws.com";

const bucketUrl = (endpoint: HttpUrl | null, bucket: string): string =>
  `${`${endpoint ?? AWS}`.replace(/\/$/, "")}/${bucket}`;

const reachable = async (probes: Probes, check: string, url: string): Promise<Diagnosis> => {
  try {
    const { status } = await probes.head(url, TIMEOUT);
    if (status === 404) return fail(check, `${url} does not exist`, "make the bucket, or correct its name");
    if (status >= 500) return fail(check, `${url} answers ${status}`, "look at the S3 server");
    return ok(check, `${url} answers (${status})`);
  } catch {
    return fail(check, `${url} does not answer`, "look at the network, the name and the S3 server");
  }
};

export const stateCheck = async (probes: Probes, environment: Environment): Promise<Diagnosis[]> => {
  const state = stateBucketOf(environment);
  if (!state) return [ok("state", `lies in ${stateText(environment.state)}`)];
  const url = bucketUrl(state.endpoint, state.bucket);
  const missing =
    state.credentials === "environment"
      ? ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].filter((name) => !probes.variable(name))
      : [];
  return [
    await reachable(probes, "state", url),
    missing.length === 0
      ? ok("state keys", "are set")
      : warn("state keys", `${missing.join(" and ")} not set`, "export them before terraform or cdktf"),
  ];
};

/**
 * Terraform's lock is a key that only one can write, so it is tried: written twice, and deleted. A server that takes both
 * gives two holders the lock.
 */
export const lockCheck = async (probes: Probes, environment: Environment): Promise<Diagnosis[]> => {
  const state = stateBucketOf(environment);
  if (!state) return [];
  if (state.credentials === "environment" && !hasKeys(probes))
    return [unknown("lock", "not tried without the keys of the state", "export them, then look again")];
  const problem = lockProblem(state, await probes.tryLock(state));
  if (problem) return [fail("lock", problem.says, problem.todo)];
  const { versioning } = await probes.bucketSettings(state);
  return [
    ok("lock", `${state.bucket} lets one hold it`),
    versioning === true
      ? ok("state versions", "old states are kept")
      : warn(
          "state versions",
          versioning === false ? `${state.bucket} keeps no old states` : "the server does not say",
          `mc version enable on ${state.bucket}`,
        ),
  ];
};

const hasKeys = ({ variable }: Probes): boolean =>
  Boolean(variable("AWS_ACCESS_KEY_ID") && variable("AWS_SECRET_ACCESS_KEY"));

/** Compares the environment's lock on backups with the bucket's. */
const objectLockFindings = async (probes: Probes, backup: Backup): Promise<Diagnosis[]> => {
  if (backup.lock === null) return [];
  const todo = "a bucket gets object lock only when it is made: see docs/adr/0012-backup-and-recovery.md";
  if (!hasKeys(probes)) return [unknown("backup lock", "not looked at without keys", "export the owner's")];
  const { objectLock } = await probes.bucketSettings(backup);
  if (objectLock === undefined)
    return [unknown("backup lock", "the server does not say", `use the keys of the owner; ${todo}`)];
  return [
    objectLock
      ? ok("backup lock", `${backup.bucket} locks snapshots`)
      : fail("backup lock", `${backup.bucket} locks nothing; the environment says ${backup.lock.mode}`, todo),
  ];
};

export const backupBucketCheck = async (probes: Probes, { backup }: Environment): Promise<Diagnosis[]> =>
  backup === null
    ? [
        warn(
          "backup bucket",
          "there is none",
          "name a bucket under backup, or live with the risk backup-none",
        ),
      ]
    : [
        await reachable(probes, "backup bucket", bucketUrl(backup.endpoint, backup.bucket)),
        ...(await objectLockFindings(probes, backup)),
      ];

export const clockCheck = async (probes: Probes, environment: Environment): Promise<Diagnosis[]> => {
  const state = stateBucketOf(environment);
  if (!state)
    return [unknown("clock", "there is no S3 server to compare with", "compare with an NTP server")];
  const answer = await probes.head(`${state.endpoint}`, TIMEOUT).catch(() => undefined);
  if (answer?.serverTime === undefined) {
    const says = `${state.endpoint} does not ${answer ? "say the time" : "answer"}, so there is nothing to compare with`;
    return [unknown("clock", says, "compare with an NTP server")];
  }
  const { serverTime, localTime } = answer;
  const offset = Math.round((localTime - serverTime) / 1000);
  const says = `${Math.abs(offset)} s ${offset < 0 ? "behind" : "ahead of"} ${state.endpoint}`;
  if (Math.abs(offset) * 1000 > BROKEN_OFFSET)
    return [fail("clock", says, "set the clock: signatures and certificates depend on it")];
  return [
    Math.abs(offset) * 1000 > MOST_OFFSET ? warn("clock", says, "let NTP set the clock") : ok("clock", says),
  ];
};
