/** Decisions that rows of several kinds share. */
import { coerce, gte, lt, major, minor, satisfies, valid } from "semver";
import { fieldsOf } from "../../../lib/core/fields.ts";
import { Quantity } from "../../../lib/core/values/quantity.ts";
import { Schedule } from "../../../lib/core/values/schedule.ts";
import {
  type ChangeDecision,
  type Class,
  decide,
  harmless,
  known,
  type Row,
  visible,
  yes,
} from "../classes.ts";
import { applicationsOf } from "../plan-world.ts";
import type { GuardContext } from "../rule.ts";

/** Decisions for the metadata of every object of Kubernetes, those that only the API server sets included. */
export const METADATA: readonly Row[] = [
  ["metadata.labels.**", known(harmless("a label"))],
  ["metadata.uid", harmless("the API server sets it")],
  ["metadata.resourceVersion", harmless("the API server sets it")],
  ["metadata.generation", harmless("the API server sets it")],
  ["id", harmless("Terraform's own")],
  ["status.**", harmless("the cluster writes it")],
  ["timeouts.**", harmless("how long Terraform waits")],
  ["wait*.**", harmless("whether Terraform waits")],
];

export const ANNOTATIONS: Row = [
  "metadata.annotations.**",
  known(harmless("an annotation that nothing acts on")),
];

const quantityOf = (value: unknown): Quantity | undefined => {
  const text = `${value}`;
  return ["string", "number"].includes(typeof value) && Quantity.isValid(text)
    ? Quantity.parse(text)
    : undefined;
};

/** Lets an amount grow; `otherwise` says what a smaller or unreadable one is. */
export const growing = (otherwise: Class): ChangeDecision =>
  known(({ before, after }) => {
    const [was, will] = [quantityOf(before), quantityOf(after)];
    return was && will && will.compare(was) >= 0 ? harmless("it grows") : otherwise;
  });

/** A number that grows, e.g. of days. */
export const longer = (otherwise: Class): ChangeDecision =>
  known(({ before, after }) =>
    typeof before === "number" && typeof after === "number" && after > before
      ? harmless("kept longer")
      : otherwise,
  );

export const replicas: ChangeDecision = known(({ before, after }) => {
  const [was, will] = [Number(before ?? 1), Number(after ?? 1)];
  if (Number.isInteger(was) && Number.isInteger(will) && will > 0) return visible("scaled");
  return will === 0 ? yes("unclassed", "it would be scaled to nothing: it stops") : undefined;
});

const AMOUNTS = ["requests", "limits"];

/** Requests and limits: whether they fit is decided from quotas and nodes. */
export const resources: ChangeDecision = known(({ path, before, after }) => {
  const below = path.slice(path.lastIndexOf("resources") + 1);
  const isAmount = [before, after].every(
    (each) => each === undefined || each === null || quantityOf(each) !== undefined,
  );
  const isWhole = [before, after].every((each) =>
    Object.keys(fieldsOf(each)).every((key) => AMOUNTS.includes(key)),
  );
  const isOfContainer =
    below.length === 0 ? isWhole : AMOUNTS.includes(below[0] ?? "") || !path.includes("resources");
  return isOfContainer && (isAmount || below.length < 2) && !Array.isArray(after)
    ? visible("requests and limits; quotas decide whether they fit")
    : undefined;
});

/** Labels by which policies and Services find pods. */
const SELECTING = /^(app\.kubernetes\.io\/|k8s-app$|app$|name$)/;

/** A label of pods, unless something may select them by it. */
export const podLabel: ChangeDecision = known(({ path, before, after }) => {
  const names = [path.at(-1) ?? "", ...Object.keys(fieldsOf(before)), ...Object.keys(fieldsOf(after))];
  return names.some((name) => SELECTING.test(name)) ? undefined : harmless("a label that nothing selects by");
});

const BACK = "go one version at a time: docs/runbooks/upgrade.md, or the notes of the release";

/** A version that stays compatible: forwards, within the same major version, or minor below 1.0. */
export const chartVersion: ChangeDecision = known(({ before, after }) => {
  const [was, will] = [before, after].map((each) => valid(String(each)));
  if (!was || !will)
    return yes("source", `a revision that is no version decides what runs: ${before} → ${after}`);
  if (lt(will, was)) return yes("version-skew", `the version goes back: ${before} → ${after}`, BACK);
  return satisfies(will, `^${was}`)
    ? visible("a compatible version")
    : yes("version-skew", `the version may break what runs: ${before} → ${after}`, BACK);
});

/** A release that is upgraded one minor version at a time. */
export const releaseVersion: ChangeDecision = known(({ before, after }) => {
  const [was, will] = [before, after].map((each) => valid(String(each)));
  if (!was || !will) return yes("version-skew", `the version cannot be read: ${before} → ${after}`, BACK);
  if (lt(will, was)) return yes("version-skew", `the version goes back: ${before} → ${after}`, BACK);
  return major(was) === major(will) && minor(will) - minor(was) <= 1
    ? visible("one minor version at most")
    : yes("version-skew", `the version skips a minor version: ${before} → ${after}`, BACK);
});

/** The tag of an image of the same repository; not back, where data may not follow. */
export const imageTag: ChangeDecision = known(({ before, after }) => {
  if (typeof after !== "string") return undefined;
  const [was, will] = [coerce(String(before)), coerce(after)];
  if (was && will && !gte(will, was))
    return yes("version-skew", `the image goes back: ${before} → ${after}: data may not follow`);
  return was && will && major(was) !== major(will)
    ? visible("another major version of the same image")
    : harmless("an image of the same repository");
});

const repositoryOf = (image: string): string => image.replace(/@sha256:.*$/, "").replace(/:[^:/]*$/, "");

/** A whole image reference: another tag or digest, but of the same repository. */
export const image: ChangeDecision = known((change, context) => {
  const { before, after } = change;
  if (typeof before !== "string" || typeof after !== "string") return undefined;
  if (repositoryOf(before) !== repositoryOf(after))
    return yes("source", `another repository: ${repositoryOf(before)} → ${repositoryOf(after)}`);
  const [was = "", will = ""] = [before, after].map((each) => each.slice(repositoryOf(each).length));
  return decide(imageTag, { ...change, before: was, after: will }, context);
});

/** Decides on a schedule of backups: a moved hour is harmless, a longer gap is not. */
export const schedule: ChangeDecision = known(({ before, after }) => {
  const gap = (value: unknown) =>
    typeof value === "string" && Schedule.isValid(value)
      ? Schedule.parse(value).longestGapMinutes
      : undefined;
  const [was, will] = [gap(before), gap(after)];
  if (will === undefined) return yes("backup", `the schedule never comes, or cannot be read: ${after}`);
  if (was === undefined || will > was)
    return yes(
      "backup",
      `it would run less often: at least every ${will} minutes instead of ${was ?? "an unknown number"}`,
    );
  return harmless("another time of day");
});

/** Lets an object go together with its Application; asks for a yes when the Application stays. */
export const withItsApp =
  (what: string): ChangeDecision =>
  ({ kind, name, namespace }, { world }: GuardContext) => {
    const isOf = (app: { name: string; project: string; namespace: string }) => {
      if (kind === "AppProject") return app.project === name;
      if (kind === "CiliumClusterwideNetworkPolicy") return name === `app-${app.name}`;
      return app.namespace === (kind === "Namespace" ? name : namespace);
    };
    const staying = applicationsOf(world.after).find(isOf);
    if (staying)
      return yes(
        "orphan",
        `the Application ${staying.name} stays, or is only forgotten, and loses its ${what}`,
        `homelab remove-app ${staying.name} says the steps: the Application goes first, with what it deployed`,
      );
    const leaving = applicationsOf(world.before).find(isOf);
    if (leaving) return visible(`goes with the Application ${leaving.name}`);
    return yes(
      "orphan",
      `nothing shows that the Application of this ${what} is gone`,
      "kubectl get applications -A: when nothing uses it any more, let it go with a waiver",
    );
  };
