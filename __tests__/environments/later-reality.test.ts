/** The table of differences is true: what it says of this project is read from the apps and environments. */
import { describe, expect, test } from "vitest";
import { apps } from "../../apps/index.ts";
import { LATER_REALITY } from "../../environments/later-reality.ts";
import { livesIn } from "../../lib/app/declaration.ts";
import { resolveApp } from "../../lib/app/resolved-app.ts";
import { environments } from "../stacks/homelab.ts";

const [, prod] = environments();
if (prod?.name !== "prod") throw new Error("prod must be the second environment");
const resolved = apps.map((each) => resolveApp(each, prod));
const named = (name: string) => {
  const app = resolved.find((each) => each.name === name);
  if (!app) throw new Error(`no app ${name}`);
  return app;
};
const claimed = resolved.flatMap(({ storage }) => Object.values(storage).map((volume) => volume.class));
const DRIVERS = /synology-csi|local-path-provisioner|nfs-storage/;
const withSidecar = resolved.filter(({ values }) => /dataangel/i.test(JSON.stringify(values)));

const HERE: Readonly<Record<string, () => string>> = {
  "Argo CD": () => `chart ${prod.versions.argocdChart}`,
  "frigate in prod": () => {
    const { hibernates, size } = named("frigate");
    return hibernates ? "hibernates" : `deployed, size ${size}`;
  },
  "namespace of cloudnative-pg": () => named("cloudnative-pg").namespace,
  "policy-reporter in prod": () => {
    const { hibernates, namespace } = named("policy-reporter");
    return `in ${namespace}${hibernates ? ", hibernates" : ""}`;
  },
  "kyverno, vpa, crowdsec and keda in prod": () =>
    ["kyverno", "vpa", "crowdsec", "keda"]
      .filter((name) => apps.some((app) => app.name === name && livesIn(app, "prod")))
      .join(", ") || "none is an app",
  "DataAngel's sidecar": () => `${withSidecar.length} workloads`,
  "drivers of storage classes": () =>
    `${resolved.flatMap(({ name }) => (DRIVERS.test(name) ? [name] : [])).join(", ")}; claims of ${[...new Set(claimed)].sort().join(", ")}`,
};

describe("each difference", () => {
  test("is looked up here", () => {
    expect(Object.keys(HERE)).toEqual(LATER_REALITY.map(({ subject }) => subject));
  });

  test.each(LATER_REALITY)("is still one: $subject", ({ subject, here, there, meant }) => {
    expect(HERE[subject]?.()).toBe(here);
    expect(here).not.toBe(there);
    expect(meant.length).toBeGreaterThan(20);
  });
});

test("priorities that vixens changed are taken over", () => {
  expect(named("loki").priorityClassName).toBe("vixens-critical");
  expect(named("whoami").priorityClassName).toBe("vixens-low");
});
