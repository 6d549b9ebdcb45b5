import type { Facts } from "../facts.ts";
import { resolvePattern, segmentsOf } from "../paths.ts";
import type { Finding } from "../problem.ts";
import { FIGURES } from "../shape.ts";
import type { Rule } from "./rule.ts";

/** Fields that are null while nobody knows them; elsewhere null has a meaning of its own. */
const UNKNOWN_WHEN_NULL = [
  "nodes.*.mac",
  "nodes.*.maintenanceAddress",
  "backup.ageRecipients",
  "backup.copy",
];

type Pattern = readonly [path: string, pattern: string];

const assumed = ({ draft }: Facts): Pattern[] =>
  (draft.assumptions ?? []).flatMap((assumption, index) =>
    assumption?.path === undefined ? [] : [[`assumptions[${index}].path`, assumption.path]],
  );

/** The fields that patterns name. */
const placesOf = ({ input }: Facts, patterns: readonly Pattern[]): Set<string> =>
  new Set(patterns.flatMap(([, pattern]) => resolvePattern(input, pattern).map(({ path }) => path)));

/** The place as a pattern: an element without a proper name might have had any. */
const nameless = (place: string): string[] => {
  const segments = segmentsOf(place);
  if (segments.length > 2 && /^(name|id)$/.test(segments.at(-1) ?? "")) segments.pop();
  else if (!/^\d+$/.test(segments.at(-1) ?? "")) return segments;
  return [...segments.slice(0, -1), "*"];
};

/** True when the pattern may name a field that is malformed or missing, or that lies inside one. */
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
  for (const [path, pattern] of assumed(facts)) {
    const missing = resolvePattern(facts.input, pattern).length === 0 && !mayExist(facts, pattern);
    if (pattern.endsWith("*") || missing) {
      yield { path, rule: "must name a field, e.g. nodes.daphne.mac or nodes.*.cpu", value: pattern };
    }
  }
}

function* once(facts: Facts): Iterable<Finding> {
  const taken = new Map<string, string>();
  for (const [path, pattern] of assumed(facts)) {
    const places = resolvePattern(facts.input, pattern).map((place) => place.path);
    const again = places.find((place) => taken.has(place));
    if (again !== undefined) {
      yield {
        path,
        rule: `must assume a field once; ${taken.get(again)} has ${again} too`,
        value: pattern,
      };
    }
    for (const place of places) taken.set(place, path);
  }
}

/** Fields of named nodes alone: without a name, a pattern by name cannot reach them. */
const isNamed = ({ malformed }: Facts, path: string): boolean =>
  !malformed.has(path.replace(/[^.]+$/, "name"));

function* covered(facts: Facts): Iterable<Finding> {
  if (!facts.draft.assumptions?.every((assumption) => assumption?.path !== undefined)) return;
  const places = placesOf(facts, assumed(facts));
  for (const pattern of UNKNOWN_WHEN_NULL) {
    for (const { path, value } of resolvePattern(facts.input, pattern)) {
      if (value === null && isNamed(facts, path) && !places.has(path)) {
        yield { path, rule: "must be known, or be covered by an assumption", value };
      }
    }
  }
}

/** Paths of nodes whose witnesses are malformed: nobody can tell what these have read. */
const malformedWitnesses = ({ malformed }: Facts): Set<string> =>
  new Set([...malformed].flatMap((place) => /^(.*?)\.witnesses/.exec(place)?.[1] ?? []));

function* figures(facts: Facts): Iterable<Finding> {
  if (!facts.draft.assumptions?.every((assumption) => assumption?.path !== undefined)) return;
  const places = placesOf(facts, assumed(facts));
  const misread = malformedWitnesses(facts);
  for (const { path, draft } of facts.nodes) {
    const read = new Set((draft.witnesses ?? []).flatMap((witness) => witness?.figures ?? []));
    if (misread.has(path)) continue;
    for (const figure of FIGURES.filter((each) => !read.has(each))) {
      const place = `${path}.${figure}`;
      if (draft[figure] == null || places.has(place) || !isNamed(facts, place)) continue;
      yield {
        path: place,
        rule: "must have been read: name it in the node's witnesses, or under assumptions",
        value: resolvePattern(facts.input, place)[0]?.value,
      };
    }
  }
}

export const assumptionRules: readonly Rule[] = [existing, once, covered, figures];
