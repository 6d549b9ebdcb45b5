import { describe, expect, test } from "vitest";
import { type EnvironmentInput, parseEnvironment } from "../../../environments/schema.ts";
import { besideAge, changed, LAB_RISKS, lab, linesOf, problems, TODAY } from "../lab.ts";

type Risk = EnvironmentInput["acceptedRisks"][number];

const risk = (changes: Partial<Risk> = {}): Risk => ({
  id: "argocd-anonymous",
  reason: "The network has no guests.",
  acceptedBy: "owner",
  on: "2026-01-01",
  reviewBy: "2026-12-31",
  ...changes,
});

const FOUND =
  "argocd.anonymous: must be false, so that only users read: got true (the accepted risk argocd-anonymous would silence this)";

const withRisks = (...acceptedRisks: unknown[]) => problems({ "argocd.anonymous": true, acceptedRisks });

const on = (today: string) =>
  linesOf(() =>
    parseEnvironment(changed(lab(), { "argocd.anonymous": true, acceptedRisks: [...LAB_RISKS, risk()] }), {
      today,
    }),
  );

describe("a review date", () => {
  test("counts to the end of its day", () => {
    expect(on("2026-12-31")).toEqual([]);
  });

  test("that has passed is a problem, and silences nothing", () => {
    expect(on("2027-01-01")).toEqual([
      FOUND,
      'acceptedRisks.argocd-anonymous.reviewBy: must not have passed; it is 2027-01-01: review the risk: got "2026-12-31"',
    ]);
  });

  test("is read against today, when nobody says which day it is", () => {
    const input = changed(lab(), {
      "argocd.anonymous": true,
      acceptedRisks: [risk({ reviewBy: "2026-01-02" })],
    });
    expect(() => parseEnvironment(input)).toThrow(new Date().toISOString().slice(0, 10));
  });

  test("before the acceptance is a problem", () => {
    expect(withRisks(risk({ on: "2026-12-01", reviewBy: "2026-11-30" }))).toEqual([
      'acceptedRisks.argocd-anonymous.reviewBy: must not come before the risk was accepted, 2026-12-01: got "2026-11-30"',
    ]);
  });

  test("that is malformed silences nothing", () => {
    expect(withRisks(risk({ reviewBy: "2026-02-30" }))).toEqual([
      'acceptedRisks.argocd-anonymous.reviewBy: must be a date, YYYY-MM-DD: got "2026-02-30"',
      FOUND,
    ]);
  });
});

test("an accepted risk that silences nothing is a problem, whatever its id", () => {
  expect(problems({ acceptedRisks: [risk({ id: "the-sky-falls" })] })).toEqual([
    'acceptedRisks.the-sky-falls: must silence something; nothing is found that has this id: got "the-sky-falls"',
  ]);
});

test("an accepted risk silences its own case only", () => {
  const other = risk({ id: "cilium-1.18-kubernetes-1.35" });
  const lines = problems({ "versions.kubernetes": "v1.34.0", acceptedRisks: [other] });
  expect(besideAge(lines)).toEqual([
    'versions.cilium: must be tested with Kubernetes 1.34; 1.18 is tested with 1.30 to 1.33: got "1.18.3" (the accepted risk cilium-1.18-kubernetes-1.34 would silence this)',
    'acceptedRisks.cilium-1.18-kubernetes-1.35: must silence something; nothing is found that has this id: got "cilium-1.18-kubernetes-1.35"',
  ]);
});

describe("a risk that rests on a condition", () => {
  const id = "nameserver-10.1.20.75-in-load-balancer-range";
  const resting = (nameservers: readonly string[], changes: Partial<Risk> = {}) =>
    problems({
      "nodes.0.nameservers": nameservers,
      acceptedRisks: [risk({ id, holdsWhile: "resolver-outside-cluster", ...changes })],
    });

  test("counts while it holds", () => {
    expect(resting(["10.1.20.75", "10.1.20.1"])).toEqual([]);
  });

  test("ends with it: the last resolver outside is gone", () => {
    expect(resting(["10.1.20.75"])).toEqual([
      expect.stringContaining(`(the accepted risk ${id} would silence this)`),
      'nodes.ada.nameservers: must have a resolver outside of the cluster, which answers while the cluster is down: got "10.1.20.75"',
      `acceptedRisks.${id}.holdsWhile: must still hold, and ada resolves names through the cluster alone: got "resolver-outside-cluster"`,
    ]);
  });

  test("must name the condition that its finding asks for", () => {
    const { holdsWhile: _, ...without } = risk({ id });
    const lines = problems({ "nodes.0.nameservers": ["10.1.20.75", "10.1.20.1"], acceptedRisks: [without] });
    expect(lines).toContain(
      `acceptedRisks.${id}.holdsWhile: must be "resolver-outside-cluster", which makes this acceptable: got nothing`,
    );
  });

  test.each(["10.1.20.72", "10.1.20.85", "10.1.10.5", "10.1.10.12"])(
    "a resolver at %s, which the cluster itself owns, is none outside, and no risk can be accepted for it",
    (address) => {
      expect(problems({ "nodes.3.nameservers": [address] })).toContainEqual(
        `nodes.dora.nameservers: must have a resolver outside of the cluster, which answers while the cluster is down: got "${address}"`,
      );
    },
  );
});

test("a risk accepted twice is a problem", () => {
  expect(withRisks(risk(), risk())).toEqual([
    'acceptedRisks.argocd-anonymous.id: must be accepted once: got "argocd-anonymous"',
  ]);
});

describe("whether a risk is needed stays open while what it is about is malformed", () => {
  test.each([
    ["argocd-anonymous", { "argocd.anonymous": "yes" }],
    ["argocd-plain-http", { name: "PROD" }],
    ["cilium-1.18-kubernetes-1.34", { "versions.kubernetes": "1.34" }],
    ["nameserver-10.1.20.75-in-load-balancer-range", { "nodes.0.nameservers": ["10.1.20"] }],
    ["nameserver-10.1.20.75-in-load-balancer-range", { "nodes.0": null }],
    ["nameserver-10.1.20.75-in-load-balancer-range", { "loadBalancer.automatic.stop": "10.1.20.1" }],
    ["backend-credentials", { "state.credentials": { accessKey: "a" } }],
  ])("%s", (id, changes) => {
    const lines = problems({ ...changes, acceptedRisks: [risk({ id })] });
    expect(lines).not.toEqual([]);
    expect(lines.filter((line) => line.startsWith("acceptedRisks"))).toEqual([]);
  });
});

test.each([
  ["id", "Not An Id", "must be a risk id: lower case, digits, dots and dashes"],
  ["reason", "because", "must be a sentence of at least 10 characters"],
  ["acceptedBy", "", "must have at least 2 characters"],
  ["on", "yesterday", "must be a date, YYYY-MM-DD"],
])("refuses a malformed %s", (field, value, rule) => {
  const lines = withRisks({ ...risk(), [field]: value });
  expect(lines.some((line) => line.includes(`.${field}: ${rule}: got ${JSON.stringify(value)}`))).toBe(true);
});

test("today is not part of what is read", () => {
  const acceptedRisks = [...LAB_RISKS, risk()];
  const input = changed(lab(), { "argocd.anonymous": true, acceptedRisks });
  expect(parseEnvironment(input, { today: TODAY })).toEqual(parseEnvironment(input, { today: "2026-12-31" }));
});
