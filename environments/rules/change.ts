import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated } from "./rule.ts";

function* waivers({ draft }: Facts, today: string): Iterable<Finding> {
  const given = (draft.waivers ?? []).flatMap((waiver, index) =>
    waiver === undefined ? [] : [{ ...waiver, at: `waivers[${index}]` }],
  );
  for (const { at, until } of given) {
    if (until !== undefined && until < today)
      yield {
        path: `${at}.until`,
        rule: `must not have passed; it is ${today}: take the waiver out`,
        value: until,
      };
  }
  for (const [{ at, resource }] of repeated(given, ({ rule, resource, path, before, after }) =>
    JSON.stringify([rule, resource, path, before, after]),
  ))
    yield { path: at, rule: "must waive a change once", value: resource };
}

function* adoption({ draft }: Facts): Iterable<Finding> {
  for (const field of ["withhold", "absent"] as const) {
    for (const [value] of repeated(draft.adoption?.[field] ?? [], (name) => name))
      yield { path: `adoption.${field}`, rule: "must name each once", value };
  }
}

/** Rules for changes of the environment: its waivers and its adoption. */
export const changeRules: readonly Rule[] = [waivers, adoption];
