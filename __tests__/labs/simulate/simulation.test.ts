import { expect, test } from "vitest";
import { grown } from "../../../labs/simulate/simulation.ts";

const object = (kind: string, spec: object) => ({ apiVersion: "v1", kind, metadata: { name: "x" }, spec });
const requests = { cpu: "25m", memory: "256Mi" };

test.each([
  [
    object("Deployment", {
      replicas: 2,
      template: { containers: [{ name: "cpu", resources: { requests } }] },
    }),
    {
      replicas: 2,
      template: {
        containers: [{ name: "cpu", resources: { requests: { cpu: "38m", memory: "384Mi" } } }],
      },
    },
  ],
  [
    object("ResourceQuota", { hard: { pods: "16", "requests.cpu": "1", "requests.storage": "20Gi" } }),
    { hard: { pods: "16", "requests.cpu": "1500m", "requests.storage": "20Gi" } },
  ],
  [
    object("LimitRange", { limits: [{ type: "Container", max: { memory: "1Gi" } }] }),
    { limits: [{ type: "Container", max: { memory: "1536Mi" } }] },
  ],
])("one and a half times $0.kind: its amounts of CPU and memory, and nothing else", (given, spec) => {
  expect(grown(given, 1.5).spec).toEqual(spec);
  expect(grown(given, 1)).toBe(given);
});
