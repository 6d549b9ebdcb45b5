import { expect, test } from "vitest";
import { LimitRange } from "../../../lib/governance/limit-range.ts";
import { onlyResource } from "../../synth.ts";
import { synthInCluster } from "./cluster.ts";

test("gives containers requests and limits, and a ceiling", () => {
  const stack = synthInCluster((s) => {
    new LimitRange(s, "media", { namespace: "media", size: "m" });
  });
  expect(onlyResource(stack, "kubernetes_limit_range_v1")).toMatchObject({
    metadata: { name: "containers", namespace: "media" },
    spec: {
      limit: [
        {
          type: "Container",
          default_request: { cpu: "30m", memory: "96Mi", "ephemeral-storage": "128Mi" },
          default: { cpu: "250m", memory: "192Mi", "ephemeral-storage": "2Gi" },
          max: { cpu: "4", memory: "4Gi" },
        },
      ],
    },
  });
});
