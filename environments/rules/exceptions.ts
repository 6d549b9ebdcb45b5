import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { type Rule, repeated } from "./rule.ts";

function* exceptions({ draft }: Facts, today: string): Iterable<Finding> {
  const given = (draft.networkPolicy?.exceptions ?? []).flatMap((exception) =>
    exception?.name === undefined ? [] : [exception],
  );
  for (const [{ name }] of repeated(given, ({ name }) => name)) {
    yield {
      path: `networkPolicy.exceptions.${name}.name`,
      rule: "must be the only exception of that name",
      value: name,
    };
  }
  for (const { name, reviewBy, from, to, ports } of given) {
    const path = `networkPolicy.exceptions.${name}`;
    if (reviewBy !== undefined && reviewBy < today) {
      yield { path: `${path}.reviewBy`, rule: `must not be past; today is ${today}`, value: reviewBy };
    }
    if (from && to && !("namespace" in from) && !("namespace" in to)) {
      yield { path, rule: "must have pods at one end: no policy decides other flows", value: { from, to } };
    }
    if (from && "fqdn" in from) {
      yield {
        path: `${path}.from`,
        rule: "must not be a name: a name can only be a destination",
        value: from,
      };
    }
    for (const [index, range] of (ports ?? []).entries()) {
      if (range?.port !== undefined && range.endPort !== undefined && range.endPort < range.port) {
        yield { path: `${path}.ports[${index}]`, rule: "must not be reversed", value: range };
      }
    }
  }
}

/** Exceptions to the standard for network policy. */
export const exceptionRules: readonly Rule[] = [exceptions];
