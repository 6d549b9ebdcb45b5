/** Rules for objects of Kubernetes itself. */
import { fieldsOf, listOf, textOf } from "../../../lib/core/fields.ts";
import { ETCD_BACKUP_NAMESPACE } from "../../../lib/core/platform/namespaces.ts";
import { displayPath } from "../changes.ts";
import {
  type ChangeDecision,
  decide,
  harmless,
  known,
  type Row,
  type Table,
  visible,
  yes,
} from "../classes.ts";
import { only } from "../plan-world.ts";
import {
  ANNOTATIONS,
  growing,
  image,
  imageTag,
  METADATA,
  podLabel,
  replicas,
  resources,
  schedule,
  withItsApp,
} from "./decisions.ts";

const held: ChangeDecision = ({ kind, name }) =>
  yes(
    "namespace-or-claim",
    `the ${kind} ${name} would be lost, with everything in it`,
    "forget it with a removed block, and delete it by hand when it is empty",
  );

const FORGOTTEN = visible("it stays, and nobody manages it any more");

/** Names of the objects that use a Secret, wherever they name it. */
const usersOf: (name: string) => ChangeDecision =
  (name) =>
  (change, { world }) => {
    const uses = (value: unknown, key = ""): boolean => {
      if (typeof value === "string") return value === name && /secret/i.test(key);
      if (typeof value !== "object" || value === null) return false;
      return Object.entries(value).some(([field, each]) =>
        uses(each, /^(name|\d+)$/.test(field) ? key : `${key} ${field}`),
      );
    };
    const users = world.after.filter(
      ({ namespace, object, kind }) => kind !== "Secret" && namespace === change.namespace && uses(object),
    );
    return users.length === 0
      ? undefined
      : yes(
          users.some(({ kind }) => kind === "CronJob") ? "backup" : "orphan",
          `${users.map((user) => `${user.kind} ${user.name}`).join(", ")} cannot run without this Secret`,
          "keep it as long as something uses it",
        );
  };

const secretGoes: ChangeDecision = (change, context) =>
  decide(usersOf(change.name), change, context) ?? decide(withItsApp("Secret"), change, context);

const POD = "spec.jobTemplate.**";

const CRON_JOB: readonly Row[] = [
  ...METADATA,
  ANNOTATIONS,
  ["spec.schedule", schedule],
  [
    "spec.suspend",
    known(({ after, namespace }, { world }) => {
      if (after !== true) return harmless("it runs again");
      const working = world.after.filter(
        (each) =>
          each.kind === "CronJob" && each.namespace === namespace && only(each.object.spec).suspend !== true,
      );
      return yes(
        "backup",
        working.length === 0
          ? "no working backup CronJob is left: all of them are suspended"
          : `it makes no backup while it is suspended; ${working.length} others still run`,
      );
    }),
  ],
  ["spec.successfulJobsHistoryLimit", harmless("how many jobs are kept to look at")],
  ["spec.failedJobsHistoryLimit", harmless("how many jobs are kept to look at")],
  ["spec.startingDeadlineSeconds", growing(yes("backup", "a late job would be left out sooner"))],
  [`${POD}.metadata.labels.**`, podLabel],
  [`${POD}.metadata.annotations.**`, known(harmless("an annotation"))],
  [`${POD}.resources.**`, resources],
  [`${POD}.image`, image],
  [
    POD,
    (change) =>
      change.unknown ? undefined : yes("backup", `how a backup is made changes: ${displayPath(change)}`),
  ],
];

const isLooser = (before: unknown, after: unknown): boolean => {
  const order = ["privileged", "baseline", "restricted"];
  return order.indexOf(textOf(after)) < order.indexOf(textOf(before));
};

const SECURITY = "pod-security.kubernetes.io/";

const namespaceLabel: ChangeDecision = known(({ path, before, after }) => {
  const [, , label] = path;
  const about = Object.keys({ ...fieldsOf(before), ...fieldsOf(after) });
  if (label === undefined) {
    const changed = about.some((name) => name.startsWith(SECURITY));
    return changed && Object.keys(fieldsOf(before)).some((name) => name.startsWith(SECURITY))
      ? yes("unclassed", "the Pod Security level changes")
      : visible("labels of a namespace");
  }
  if (label !== `${SECURITY}enforce`) return harmless("a label");
  return isLooser(before, after)
    ? yes("unclassed", `Pod Security gets looser: ${before} → ${after ?? "nothing"}`)
    : yes(
        "unclassed",
        `Pod Security gets stricter: ${before ?? "nothing"} → ${after}: what runs may not start again`,
      );
});

const LIMIT_GONE = yes(
  "unclassed",
  "a limit of a container gets smaller or goes: what runs may not start again",
);

export const KUBERNETES: Table = {
  Namespace: {
    created: visible("a new namespace"),
    destroyed: held,
    forgotten: FORGOTTEN,
    changed: [["metadata.labels.**", namespaceLabel], ...METADATA, ANNOTATIONS],
  },
  PersistentVolumeClaim: {
    created: visible("a new claim"),
    destroyed: held,
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      ANNOTATIONS,
      [
        "spec.resources.requests.storage",
        growing(yes("namespace-or-claim", "a claim cannot shrink: it would be made anew, empty")),
      ],
    ],
  },
  PersistentVolume: { destroyed: held, forgotten: FORGOTTEN, changed: METADATA },
  ResourceQuota: {
    created: visible("a new quota"),
    destroyed: withItsApp("quota"),
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      ANNOTATIONS,
      [
        "spec.hard.*",
        known(({ after }) =>
          after === undefined || after === null
            ? undefined
            : visible("held against use, declarations and nodes"),
        ),
      ],
    ],
  },
  LimitRange: {
    created: visible("new limits of containers"),
    destroyed: withItsApp("limit range"),
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      ANNOTATIONS,
      ["spec.limit.max.*", growing(LIMIT_GONE)],
      ["spec.limit.default.*", growing(LIMIT_GONE)],
      ["spec.limit.defaultRequest.*", resources],
    ],
  },
  PriorityClass: {
    created: visible("a new priority"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS, ["description", known(harmless("words"))]],
  },
  CronJob: {
    created: ({ namespace }) =>
      namespace === ETCD_BACKUP_NAMESPACE ? visible("a new backup job") : undefined,
    destroyed: yes("backup", "the CronJob would be gone, and its backups with it"),
    forgotten: FORGOTTEN,
    changed: CRON_JOB,
  },
  Secret: {
    created: visible("a new Secret"),
    destroyed: secretGoes,
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      ANNOTATIONS,
      [
        "data.*",
        ({ after, unknown }) =>
          unknown || (typeof after === "string" && after !== "")
            ? visible("a rotated secret")
            : yes("backup", "the Secret loses a key that something reads"),
      ],
      [
        "data",
        ({ unknown, after }) =>
          unknown || Object.keys(fieldsOf(after)).length > 0
            ? visible("a rotated secret")
            : yes("backup", "the Secret would be empty"),
      ],
      ["dataWo.**", visible("a rotated secret")],
      ["dataWoRevision", visible("a rotated secret")],
    ],
  },
  ConfigMap: {
    created: visible("a new ConfigMap"),
    destroyed: withItsApp("ConfigMap"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS, ["data.**", known(visible("the content of a ConfigMap"))]],
  },
  Ingress: {
    created: visible("a new route"),
    destroyed: withItsApp("route"),
    forgotten: FORGOTTEN,
    changed: [
      ...METADATA,
      [
        "metadata.annotations.**",
        known(({ path }) => (/^(description|note)/.test(path[2] ?? "") ? harmless("words") : undefined)),
      ],
    ],
  },
  PodDisruptionBudget: {
    created: visible("a new disruption budget"),
    destroyed: withItsApp("disruption budget"),
    forgotten: FORGOTTEN,
    changed: [...METADATA, ANNOTATIONS],
  },
};

/** Values of a Helm chart, wherever they stand: of a release of Terraform and of an Application. */
export const VALUES = (prefix: string): readonly Row[] => [
  [`${prefix}.**.image.tag`, imageTag],
  [`${prefix}.**.resources.**`, resources],
  [`${prefix}.**.replicas`, replicas],
  [`${prefix}.**.replicaCount`, replicas],
  [`${prefix}.**.podLabels.**`, podLabel],
  [`${prefix}.**.labels.**`, podLabel],
  [`${prefix}.**.podAnnotations.**`, known(harmless("an annotation of pods"))],
  [`${prefix}.**.revisionHistoryLimit`, known(harmless("how many revisions are kept"))],
  [`${prefix}.**.probes.**`, known(visible("how a container is probed"))],
  [
    `${prefix}.**.env.**`,
    known(({ before, after }) =>
      listOf([before, after]).every((each) => typeof each !== "object")
        ? visible("a variable of a container")
        : undefined,
    ),
  ],
];
