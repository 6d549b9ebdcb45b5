import { expect, test } from "vitest";
import type { KnownChart } from "../../../environments/recorded/chart-facts.ts";
import { admissionWorld } from "../../../lib/admission/admit.ts";
import { containersOf } from "../../../operations/explain/containers.ts";
import { environment, imageApp, resolved } from "../../lib/app/lab.ts";

const facts = {
  known: true,
  operated: [],
  workloads: [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "web" },
      spec: {
        template: {
          metadata: {},
          spec: {
            containers: [
              { name: "main", image: "example/web:v1.0.0", resources: { limits: { memory: "2Gi" } } },
            ],
            initContainers: [{ name: "init", resources: { requests: { memory: "64Mi" } } }],
          },
        },
      },
    },
  ],
} as unknown as KnownChart;
const home = environment({ admission: admissionWorld() });
const explained = (charts = home.charts) => containersOf(resolved(imageApp()), { ...home, charts });

test("each field stands as declared and as it runs, with the rule that changed it", () => {
  const [main, init] = explained(() => facts).filter(({ container }) => container !== "pod");
  expect(main).toMatchObject({ pod: "Deployment/web", container: "containers.main" });
  expect(main?.fields).toContainEqual({
    field: "limits.memory",
    declared: "2Gi",
    effective: "512Mi",
    by: { policy: "sizing-v2-mutate", rule: "v2-unlabeled-sidecar-defaults" },
  });
  expect(main?.fields).toContainEqual({
    field: "image",
    declared: "example/web:v1.0.0",
    effective: "example/web:v1.0.0",
  });
  expect(init?.fields).toContainEqual({ field: "limits.memory", effective: "128Mi" });
});

test("of a chart that nobody knows there is nothing to say", () => {
  expect(explained()).toEqual([]);
});
