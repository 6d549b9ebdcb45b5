import type { Facts } from "../facts.ts";
import { resolvePattern, segmentsOf } from "../paths.ts";
import type { Finding } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Fields that are null while nobody knows them; elsewhere null has a meaning of its own. */
const UNKNOWN_WHEN_NULL = [
  "nodes.*.mac",
  "nodes.*.maintenanceAddress",
  "backup.ageRecipients",
  "backup.copy",
];

const patternsOf = ({ draft }: Facts): [path: string, pattern: string][] =>
  (draft.assumptions ?? []).flatMap((assumption, index) =>
    assumption?.path === undefined
      ? []
      : [[`assumptions[${index}].path`, assumption.path] as [string, string]],
  );

/** The place as a pattern: an element without a proper name might have had any. */
const nameless = (place: string): string[] => {
  const segments = segmentsOf(place);
  if (segments.length > 2 && /^(name|id)$/.test(segments.at(-1) ?? "")) segments.pop();
  else if (!/^\d+$/.test(segments.at(-1) ?? "")) return segments;
  return [...segments.slice(0, -1), "*"];
};

/** Whether the pattern may name a field that is only malformed or missing, or lies inside what is. */
const mayExist = ({ malformed }: Facts, pattern: string): boolean => {
  const wanted = segmentsOf(pattern);
  return [...malformed]
    .map(nameless)
    .some(
      (place) =>
        place.length <= wanted.length &&
        place.every((name, index) => [name, wanted[index]].includes("*") || name === wanted[index]),
    );
};

function* existing(facts: Facts): Iterable<Finding> {
  for (const [path, pattern] of patternsOf(facts)) {
    const missing = resolvePattern(facts.input, pattern).length === 0 && !mayExist(facts, pattern);
    if (pattern.endsWith("*") || missing) {
      yield { path, rule: "must name a field, e.g. nodes.daphne.mac or nodes.*.cpu", value: pattern };
    }
  }
}

function* once(facts: Facts): Iterable<Finding> {
  const assumed = new Map<string, string>();
  for (const [path, pattern] of patternsOf(facts)) {
    const places = resolvePattern(facts.input, pattern).map((place) => place.path);
    const again = places.find((place) => assumed.has(place));
    if (again !== undefined) {
      yield {
        path,
        rule: `must assume a field once; ${assumed.get(again)} has ${again} too`,
        value: pattern,
      };
    }
    for (const place of places) assumed.set(place, path);
  }
}

function* covered(facts: Facts): Iterable<Finding> {
  if (!facts.draft.assumptions?.every((assumption) => assumption?.path !== undefined)) return;
  const assumed = new Set(
    patternsOf(facts).flatMap(([, pattern]) => resolvePattern(facts.input, pattern).map(({ path }) => path)),
  );
  for (const pattern of UNKNOWN_WHEN_NULL) {
    for (const { path, value } of resolvePattern(facts.input, pattern)) {
      const named = !facts.malformed.has(path.replace(/[^.]+$/, "name"));
      if (value === null && named && !assumed.has(path)) {
        yield { path, rule: "must be known, or be covered by an assumption", value };
      }
    }
  }
}

export const assumptionRules: readonly Rule[] = [existing, once, covered];
