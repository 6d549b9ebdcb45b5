import type { ConditionName } from "../conditions.ts";
import type { Facts } from "../facts.ts";
import { namedPath } from "../paths.ts";
import type { Finding } from "../problem.ts";
import { brokenBy } from "./conditions.ts";
import type { Undecided } from "./rule.ts";

interface Acceptance {
  readonly path: string;
  readonly id: string;
  readonly on: string | undefined;
  readonly reviewBy: string | undefined;
  readonly holdsWhile: ConditionName | undefined;
}

const isFinding = (verdict: Finding | Undecided): verdict is Finding => "rule" in verdict;

const acceptancesOf = ({ draft, input }: Facts): Acceptance[] =>
  (draft.acceptedRisks ?? []).flatMap((risk, index) =>
    risk?.id === undefined
      ? []
      : [
          {
            path: namedPath(input, ["acceptedRisks", index]),
            id: risk.id,
            on: risk.on,
            reviewBy: risk.reviewBy,
            holdsWhile: risk.holdsWhile,
          },
        ],
  );

/** Dates as YYYY-MM-DD compare as text. */
const isInForce = ({ reviewBy, holdsWhile }: Acceptance, facts: Facts, today: string): boolean =>
  reviewBy !== undefined && today <= reviewBy && (!holdsWhile || brokenBy(holdsWhile, facts) === undefined);

/**
 * Removes the verdicts that accepted risks silence, and reports the accepted risks that are wrong themselves. One
 * that is past its review date silences nothing.
 */
export const applyRisks = (
  facts: Facts,
  verdicts: readonly (Finding | Undecided)[],
  today: string,
): Finding[] => {
  const findings = verdicts.filter(isFinding);
  const undecided = verdicts.flatMap((verdict) => (isFinding(verdict) ? [] : verdict.undecided));
  const acceptances = acceptancesOf(facts);
  const inForce = new Set(acceptances.filter((each) => isInForce(each, facts, today)).map(({ id }) => id));
  const found = new Set(findings.map(({ riskId }) => riskId));
  return [
    ...findings.filter(({ riskId }) => riskId === undefined || !inForce.has(riskId)),
    ...acceptances.flatMap((acceptance) => flaws(acceptance, today)),
    ...acceptances.flatMap((acceptance) => conditionFlaws(acceptance, facts, findings)),
    ...acceptances
      .filter(({ id }) => !found.has(id) && !undecided.some((prefix) => id.startsWith(prefix)))
      .map(({ path, id }) => ({
        path,
        rule: "must silence something; nothing is found that has this id",
        value: id,
      })),
    ...acceptances
      .filter(({ id }, index) => acceptances.findIndex((other) => other.id === id) < index)
      .map(({ path, id }) => ({ path: `${path}.id`, rule: "must be accepted once", value: id })),
  ];
};

/** An acceptance ends with its condition, and a finding may say which one it must rest on. */
const conditionFlaws = (
  { path, id, holdsWhile }: Acceptance,
  facts: Facts,
  findings: readonly Finding[],
): Finding[] => {
  const place = `${path}.holdsWhile`;
  const wanted = findings.find(({ riskId }) => riskId === id)?.holdsWhile;
  if (wanted !== undefined && holdsWhile !== wanted)
    return [{ path: place, rule: `must be "${wanted}", which makes this acceptable`, value: holdsWhile }];
  const broken = holdsWhile && brokenBy(holdsWhile, facts);
  return broken ? [{ path: place, rule: `must still hold, and ${broken}`, value: holdsWhile }] : [];
};

const flaws = ({ path, on, reviewBy }: Acceptance, today: string): Finding[] => {
  if (reviewBy === undefined) return [];
  const place = `${path}.reviewBy`;
  return [
    ...(today > reviewBy
      ? [{ path: place, rule: `must not have passed; it is ${today}: review the risk`, value: reviewBy }]
      : []),
    ...(on !== undefined && reviewBy < on
      ? [{ path: place, rule: `must not come before the risk was accepted, ${on}`, value: reviewBy }]
      : []),
  ];
};
