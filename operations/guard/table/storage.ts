/** Rules for buckets, and for resources that exist only to run something. */
import {
  type ChangeDecision,
  harmless,
  type KindRules,
  known,
  never,
  type Row,
  type Table,
  visible,
  yes,
} from "../classes.ts";
import { only } from "../plan-world.ts";
import { longer } from "./decisions.ts";

const KEEP = "put it back into the configuration, or add a moved block; nothing lets this through";

const BACKUPS = never("irreplaceable", "the backups lie in it", KEEP);

const REPORTED = harmless("the provider reports it");

const ATTRIBUTES: readonly Row[] = [
  ["tags.**", known(harmless("a tag"))],
  ["tags_all.**", harmless("tags")],
  ...[
    "arn",
    "bucket_domain_name",
    "bucket_regional_domain_name",
    "hosted_zone_id",
    "id",
    "region",
    "website_domain",
    "website_endpoint",
    "timeouts.**",
  ].map((name): Row => [name, REPORTED]),
];

const SHORTER = yes(
  "backup",
  "backups would be kept shorter",
  "keep what is kept, or waive it: what expires is gone",
);

const EXPIRY: readonly Row[] = ["lifecycle_rule", "rule"].flatMap((rule): Row[] =>
  [`${rule}.**.days`, `${rule}.**.noncurrent_days`]
    .map((path): Row => [path, longer(SHORTER)])
    .concat([
      [
        `${rule}.**`,
        (change) => (change.unknown ? undefined : yes("backup", "what expires, and when, changes")),
      ],
    ]),
);

const bucket: KindRules = {
  created: visible("a new bucket"),
  destroyed: BACKUPS,
  forgotten: BACKUPS,
  changed: [
    ...ATTRIBUTES,
    [
      "force_destroy",
      known(({ after }) =>
        after === true
          ? never("irreplaceable", "force_destroy would let a destroy empty it", "leave it off")
          : harmless("a destroy is refused while it holds something"),
      ),
    ],
    ...EXPIRY,
  ],
};

const versioning: ChangeDecision = known(({ after }) =>
  after === "Enabled"
    ? harmless("overwritten backups are kept")
    : never("irreplaceable", "overwritten backups would not be kept any more", "leave it on"),
);

/** The default retention: `COMPLIANCE` holds everybody off, `GOVERNANCE` not its owner. */
const retention = (object: unknown): { readonly days: number; readonly mode: unknown } => {
  const { days, years, mode } = only(only(only(object).rule).default_retention);
  return { days: Number(days ?? 0) + 365 * Number(years ?? 0), mode };
};

const lock: ChangeDecision = known(({ was, will }) => {
  const [before, after] = [retention(was), retention(will)];
  return after.days < before.days || (before.mode === "COMPLIANCE" && after.mode !== before.mode)
    ? never(
        "irreplaceable",
        `new backups would be held for ${after.days} days (${after.mode}) instead of ${before.days} (${before.mode})`,
        "leave the lock as it is",
      )
    : harmless("backups are held at least as long");
});

const runner: KindRules = {
  created: yes("provisioner", "it exists to run provisioners: they run on machines, on destroy too"),
  destroyed: yes(
    "provisioner",
    "it exists to run provisioners: they run on machines, on destroy too",
    "forget it with a removed block (destroy = false)",
  ),
  forgotten: harmless("nothing runs"),
  changed: [
    ["**", yes("provisioner", "it exists to run provisioners: they run on machines, on destroy too")],
  ],
};

export const STORAGE: Table = {
  aws_s3_bucket: bucket,
  aws_s3_bucket_lifecycle_configuration: {
    created: visible("what expires, and when"),
    forgotten: visible("it stays as it is"),
    changed: [...ATTRIBUTES, ...EXPIRY],
  },
  aws_s3_bucket_versioning: {
    created: visible("overwritten backups are kept"),
    destroyed: never("irreplaceable", "it keeps overwritten backups", KEEP),
    forgotten: never("irreplaceable", "it keeps overwritten backups", KEEP),
    changed: [
      ...ATTRIBUTES,
      ["versioning_configuration.status", versioning],
      [
        "versioning_configuration",
        known(({ after }) =>
          only(after).status === "Enabled"
            ? harmless("overwritten backups are kept")
            : never("irreplaceable", "overwritten backups would not be kept any more", "leave it on"),
        ),
      ],
    ],
  },
  aws_s3_bucket_object_lock_configuration: {
    created: visible("backups cannot be deleted for a while"),
    destroyed: never("irreplaceable", "it keeps backups from being deleted", KEEP),
    forgotten: never("irreplaceable", "it keeps backups from being deleted", KEEP),
    changed: [...ATTRIBUTES, ["rule.**", lock]],
  },
  null_resource: runner,
  terraform_data: runner,
};

/** Buckets of any provider: what else would this project keep in one? */
export const ANY_BUCKET: KindRules = bucket;
