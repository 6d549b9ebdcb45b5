import { Schedule } from "../../lib/values/schedule.ts";
import type { Facts, Located } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated, type Undecided } from "./rule.ts";

const CREDENTIALS_RISK = "backend-credentials";
const MINUTES_A_DAY = 24 * 60;

/** Where a bucket is: its name is unique there. AWS is one place, whatever its endpoint. */
const placeOf = (endpoint: string | null): string => {
  if (endpoint === null) return "AWS";
  const { host, pathname } = new URL(endpoint);
  return host.endsWith(".amazonaws.com") ? "AWS" : `${host}${pathname.replace(/\/+$/, "")}`;
};

/** The buckets of an environment, each as `place/name`. */
export const buckets = ({ draft: { state, backup } }: Facts): Located<string>[] =>
  [
    { path: "state.bucket", bucket: state?.bucket, endpoint: state?.endpoint },
    { path: "backup.bucket", bucket: backup?.bucket, endpoint: backup?.endpoint },
  ].flatMap(({ path, bucket, endpoint }) =>
    bucket === undefined || endpoint === undefined ? [] : [{ path, value: `${placeOf(endpoint)}/${bucket}` }],
  );

function* separateBuckets(facts: Facts): Iterable<Finding> {
  for (const [later, first] of repeated(buckets(facts), ({ value }) => value)) {
    yield {
      path: later.path,
      rule: `must be another bucket than ${first.path}: its snapshots expire, the state must not`,
      value: facts.draft.backup?.bucket,
    };
  }
}

function* credentials({ draft: { state } }: Facts): Iterable<Finding | Undecided> {
  if (state?.credentials === undefined) yield { undecided: CREDENTIALS_RISK };
  else if (state.credentials !== "environment") {
    yield {
      path: "state.credentials",
      rule: 'must be "environment": inline, they end in the repository and in cdktf.out',
      value: state.credentials,
      riskId: CREDENTIALS_RISK,
    };
  }
}

/** Before the last snapshot expires, the next one must be there. */
function* retention({ draft: { backup } }: Facts): Iterable<Finding> {
  const days = backup?.retention?.days;
  if (backup?.schedule === undefined || days === undefined) return;
  const gap = Schedule.parse(backup.schedule).longestGapMinutes;
  if (gap >= days * MINUTES_A_DAY) {
    yield {
      path: "backup.retention.days",
      rule: `must be longer than the longest time between two backups, ${Math.ceil(gap / MINUTES_A_DAY)} days by ${backup.schedule}`,
      value: days,
    };
  }
}

function* recipients({ draft: { backup } }: Facts): Iterable<Finding> {
  for (const [recipient] of repeated(backup?.ageRecipients ?? [], (each) => each)) {
    yield { path: "backup.ageRecipients", rule: "must name each recipient once", value: recipient };
  }
}

export const storageRules: readonly Rule[] = [separateBuckets, credentials, retention, recipients];
