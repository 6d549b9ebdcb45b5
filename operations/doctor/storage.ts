/** Where the state and the backups lie, and what its clock says of the workstation's. */
import type { Environment } from "../../environments/schema.ts";
import { type Finding, fail, ok, unknown, warn } from "./finding.ts";
import type { Probes } from "./probes.ts";

const TIMEOUT = 6_000;
/** The `Date` header has whole seconds. */
const MOST_OFFSET = 5_000;
/** S3 refuses requests that are signed 15 minutes off; certificates' dates matter earlier. */
const BROKEN_OFFSET = 60_000;

const AWS = "https://s3.amazonaws.com";

const bucketUrl = (endpoint: string | null, bucket: string): string =>
  `${(endpoint ?? AWS).replace(/\/$/, "")}/${bucket}`;

const reachable = async (probes: Probes, check: string, url: string): Promise<Finding> => {
  try {
    const { status } = await probes.head(url, TIMEOUT);
    if (status === 404) return fail(check, `${url} does not exist`, "make the bucket, or correct its name");
    if (status >= 500) return fail(check, `${url} answers ${status}`, "look at the S3 server");
    return ok(check, `${url} answers (${status})`);
  } catch {
    return fail(check, `${url} does not answer`, "look at the network, the name and the S3 server");
  }
};

export const stateCheck = async (probes: Probes, { state }: Environment): Promise<Finding[]> => {
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

export const backupBucketCheck = async (probes: Probes, { backup }: Environment): Promise<Finding[]> => [
  await reachable(probes, "backup bucket", bucketUrl(backup.endpoint, backup.bucket)),
];

export const clockCheck = async (probes: Probes, { state }: Environment): Promise<Finding[]> => {
  const answer = await probes.head(state.endpoint, TIMEOUT).catch(() => undefined);
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
