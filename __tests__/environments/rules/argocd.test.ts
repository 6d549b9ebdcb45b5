import { expect, test } from "vitest";
import { problems, type Refusal } from "../lab.ts";

const accepted = (id: string) => ({
  acceptedRisks: [
    { id, reason: "Nobody else is here.", acceptedBy: "owner", on: "2026-01-01", reviewBy: "2027-01-01" },
  ],
});

const REFUSALS: readonly Refusal[] = [
  [
    "no login",
    { "argocd.authDisabled": true },
    [
      "argocd.authDisabled: must be false, so that visitors log in: got true (the accepted risk argocd-auth-disabled would silence this)",
    ],
  ],
  [
    "visitors who read",
    { "argocd.anonymous": true },
    [
      "argocd.anonymous: must be false, so that only users read: got true (the accepted risk argocd-anonymous would silence this)",
    ],
  ],
  [
    "plain HTTP in production",
    { production: true, "argocd.plainHttp": true },
    [
      "argocd.plainHttp: must be false in production, so that passwords are encrypted: got true (the accepted risk argocd-plain-http would silence this)",
    ],
  ],
];

test.each(REFUSALS)("refuses %s", (_, changes, lines) => {
  expect(problems(changes)).toEqual(lines);
});

test.each(REFUSALS)("an accepted risk silences %s, and no other one does", (_, changes, [line = ""]) => {
  const id = /accepted risk (\S+)/.exec(line)?.[1] ?? "";
  expect(problems({ ...changes, ...accepted(id) })).toEqual([]);
  expect(problems({ ...changes, ...accepted("backend-credentials") })).toContain(line);
});

test.each(REFUSALS)("the risk of %s silences nothing where it is not taken", (_, __, [line = ""]) => {
  const id = /accepted risk (\S+)/.exec(line)?.[1] ?? "";
  expect(problems(accepted(id))).toEqual([
    `acceptedRisks.${id}: must silence something; nothing is found that has this id: got "${id}"`,
  ]);
});

test("plain HTTP outside of prod takes no risk", () => {
  expect(problems({ "argocd.plainHttp": true })).toEqual([]);
});
