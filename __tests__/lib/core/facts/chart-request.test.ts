import { expect, test } from "vitest";
import { apps } from "../../../../apps/index.ts";
import { chartFacts } from "../../../../environments/recorded/chart-facts.ts";
import { recordedCharts, requestDigest } from "../../../../environments/recorded/chart-request.ts";
import { environmentsOf } from "../../../../lib/app/declaration.ts";
import { floatingImages } from "../../../../lib/core/facts/images.ts";

const whoami = {
  environment: "dev",
  release: "whoami",
  namespace: "whoami",
  repository: "https://bjw-s-labs.github.io/helm-charts",
  chart: "app-template",
  version: "4.1.1",
  values: { enviroment: { A: "1" } },
};

test("a digest is of what is sent, in whatever order", () => {
  const same = { ...whoami, values: { b: 1, a: [{ d: 1, c: 2 }] } };
  expect(requestDigest({ ...same, values: { a: [{ c: 2, d: 1 }], b: 1 } })).toBe(requestDigest(same));
  for (const change of [
    { values: { a: [], b: 1 } },
    { version: "4.1.2" },
    { namespace: "x" },
    { parameters: [{}] },
  ])
    expect(requestDigest({ ...same, ...change })).not.toBe(requestDigest(same));
});

test("facts of other values, or of another version, are a problem that names the command", () => {
  const run = "run npm run homelab -- chart-facts dev whoami";
  expect(recordedCharts(whoami)).toEqual({ problem: expect.stringContaining(run) });
  expect(recordedCharts({ ...whoami, version: "4.2.0" })).toEqual({
    problem: `must have facts of app-template 4.2.0, and those recorded are of app-template 4.1.1: ${run}`,
  });
});

test("a release that nobody rendered is unknown", () => {
  expect(recordedCharts({ ...whoami, release: "new" })).toMatchObject({ known: false });
});

test.each(["dev", "prod"] as const)(
  "every app of %s has facts, or a reason why there are none",
  (environment) => {
    // Manifests of a Git source are no chart.
    const names = apps
      .filter((each) => environmentsOf(each).includes(environment) && each.props.git === undefined)
      .map(({ name }) => name);
    const missing = ["argocd", "cilium", ...names].filter(
      (name) => chartFacts(environment, name) === undefined,
    );
    expect(missing).toEqual([]);
  },
);

test("images are judged in all containers", () => {
  const facts = chartFacts("prod", "mongodb-shared");
  expect(facts?.known && floatingImages(facts.workloads)).toEqual([
    { workload: "mongodb-shared", container: "main", image: "mongo:8.3" },
  ]);
});
