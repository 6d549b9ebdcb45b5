/** Splits a plan into its single changes: the rules class each, and a waiver names one. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { isFields } from "../../lib/core/fields.ts";
import { type ChangeSide, type Content, contentsOf } from "./contents.ts";
import { differences, type LeafDifference } from "./differences.ts";
import type { ResourceChange } from "./terraform-plan.ts";

/** The fate of an object as a whole; `changed` when only a part of it changes. */
export type Fate = "created" | "destroyed" | "replaced" | "forgotten" | "changed";

/** One change; an empty path is the whole object. */
export interface Change extends LeafDifference {
  readonly resource: ResourceChange;
  /** Kind of the Kubernetes object or of the machine's document, else the type of the resource. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly fate: Fate;
  /** The objects before and after, as far as they are known. */
  readonly was: unknown;
  readonly will: unknown;
}

/** The path of a change in reports and waivers: `spec.hard.requests.cpu`, or `whole` for all of an object. */
export const displayPath = ({ path }: Pick<Change, "path">): string =>
  path.length === 0 ? "whole" : path.join(".");

const LONGEST = 100;

const ordered = (_: string, value: unknown): unknown =>
  isFields(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

const displayValue = (value: unknown, sensitive: boolean): string => {
  if (value === undefined || value === null) return "nothing";
  if (sensitive) return "(secret)";
  const text = typeof value === "string" ? value : JSON.stringify(value, ordered);
  if (text.length <= LONGEST && !text.includes("\n")) return text;
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 24)}`;
};

/** The values as a waiver must name them: short ones as they are, long ones by their digest, secrets not at all. */
export const displayValues = ({
  before,
  after,
  unknown,
  sensitive,
}: LeafDifference): { readonly before: string; readonly after: string } => ({
  before: displayValue(before, sensitive),
  after: unknown ? "(known after apply)" : displayValue(after, sensitive),
});

const sidesOf = (change: ResourceChange): readonly [ChangeSide, ChangeSide] => [
  { values: change.before, unknown: {}, sensitive: change.beforeSensitive },
  { values: change.after, unknown: change.afterUnknown, sensitive: change.afterSensitive },
];

/** Everything that a plan changes of one resource. */
export const changesOf = (resource: ResourceChange): Change[] => {
  const { kind, type } = resource;
  if (kind === "read") return [];
  const [was, will] = sidesOf(resource);
  switch (kind) {
    case "create":
      return contentsOf(type, will).map((content) => whole(resource, "created", undefined, content));
    case "delete":
      return contentsOf(type, was).map((content) => whole(resource, "destroyed", content));
    case "forget":
      return contentsOf(type, was).map((content) => whole(resource, "forgotten", content));
    case "replace":
    case "forget and create":
    case "unknown":
      return contentsOf(type, was).map((content) =>
        whole(resource, "replaced", content, contentsOf(type, will)[0]),
      );
    default:
      return isUntouched(resource)
        ? []
        : updates(resource, contentsOf(type, was, will), contentsOf(type, will, was));
  }
};

const isUntouched = ({ before, after, afterUnknown }: ResourceChange): boolean =>
  Object.keys(afterUnknown).length === 0 && isDeepStrictEqual(before, after);

const identityOf = ({ kind, name, namespace, isOnly }: Content): string =>
  isOnly
    ? `${kind.startsWith("kube") || kind.includes("_") ? kind : "the object"}`
    : `${kind} ${namespace}/${name}`;

const updates = (
  resource: ResourceChange,
  before: readonly Content[],
  after: readonly Content[],
): Change[] => {
  const [old, now] = [before, after].map((side) => new Map(side.map((each) => [identityOf(each), each])));
  if (!old || !now) return [];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, will] = [old.get(key), now.get(key)];
    if (!was || !will) return [whole(resource, will ? "created" : "destroyed", was, will)];
    const about = subject(resource, was, will);
    return differences({
      before: was.value,
      after: will.value,
      unknown: will.unknown,
      sensitive: [was.sensitive, will.sensitive],
    }).map((difference) => ({
      ...about,
      ...difference,
      sensitive: difference.sensitive || isSecretData(about.kind, difference.path),
      fate: "changed" as const,
    }));
  });
};

const isSecretData = (kind: string, [field = ""]: readonly string[]): boolean =>
  kind === "Secret" && /^(binary)?data/i.test(field);

type Subject = Pick<Change, "resource" | "kind" | "name" | "namespace" | "was" | "will">;

const subject = (resource: ResourceChange, was: Content | undefined, will: Content | undefined): Subject => {
  const { kind = "", name = "", namespace = "" } = was ?? will ?? {};
  return { resource, kind: kind || (will?.kind ?? ""), name, namespace, was: was?.value, will: will?.value };
};

const whole = (resource: ResourceChange, fate: Fate, was: Content | undefined, will?: Content): Change => ({
  ...subject(resource, was, will),
  fate,
  path: [],
  before: was?.value,
  after: will?.value,
  unknown: will !== undefined && will.value === undefined,
  sensitive: [was, will].some((content) => content?.kind === "Secret"),
});
