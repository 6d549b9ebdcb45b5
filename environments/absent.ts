/** Parts that an environment may do without, for those who need them. */
import { UsageError } from "../lib/core/usage-error.ts";
import type { HttpUrl } from "../lib/core/values/http-url.ts";
import { bucketUrl } from "../lib/core/values/s3-location.ts";
import type { Environment } from "./values.ts";

export type Backup = NonNullable<Environment["backup"]>;
type StateBucket = Extract<Environment["state"], { kind: "s3" }>;

/** The environment's backup; refuses where there is none. */
export const backupOf = <B>({ name, backup }: { readonly name: string; readonly backup: B | null }): B => {
  if (backup === null) throw new UsageError(`${name}: backup is null, so there is none to work with`);
  return backup;
};

/** The bucket of the states; undefined where they lie elsewhere. */
export const stateBucketOf = ({ state }: Pick<Environment, "state">): StateBucket | undefined =>
  state.kind === "s3" ? state : undefined;

/** The place of the states, for people. */
export const stateText = (state: Environment["state"]): string =>
  state.kind === "s3"
    ? `the bucket \`${state.bucket}\` at ${state.endpoint}`
    : state.kind === "local"
      ? `the directory \`${state.directory}\``
      : `Secrets of the namespace \`${state.namespace}\``;

/** The place that the etcd backup writes to; undefined where there is none. */
export const backupUrlOf = ({ backup }: Pick<Environment, "backup">): HttpUrl | undefined =>
  backup === null ? undefined : bucketUrl(backup);
