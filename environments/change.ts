/**
 * Schema of how an environment may be changed: what it keeps of a cluster that is taken over, and what the guard lets
 * by.
 */
import * as z from "zod";
import { DIFFERENCE_NAMES } from "./differences.ts";
import { date, exactVersion, sentence } from "./fields.ts";
import { WAIVABLE_RULES } from "./guard-rules.ts";

export const waiver = z.strictObject({
  /** Name of a rule of the guard. */
  rule: z.enum(WAIVABLE_RULES),
  /** The one address in the plan that is let through. */
  resource: z
    .string()
    .regex(/^[\w.["\]-]+$/, 'must be one address of a plan, e.g. kubernetes_namespace_v1.x or a.b["c"]'),
  /** The path that changes, as the refusal writes it: `whole` for an object that comes or goes. */
  path: z.string().min(1, "must be the path of the refusal"),
  /** The values before and after, as the refusal writes them: another plan is not let through. */
  before: z.string(),
  after: z.string(),
  reason: sentence,
  /** Last day on which the waiver counts. */
  until: date,
});

/** A resource that left the configuration and stays in the cluster: a deploy makes Terraform forget it. */
export const removed = z.strictObject({
  layer: z.enum(["backup", "cluster", "platform", "apps"]),
  /** Its address in the stack, without a key. */
  resource: z
    .string()
    .regex(/^\w+\.[\w-]+$/, "must be an address in a stack, e.g. kubernetes_namespace_v1.x"),
  reason: sentence,
});

export const adoption = z.strictObject({
  /** The Terraform that made the state: `npm run homelab -- adopt` says which. */
  shape: z.enum(["H", "1109f65"]),
  /** Talos version that the running configuration was generated for. */
  talosContract: exactVersion("v"),
  /** `install.image` of the running configuration. */
  installImage: z.string().regex(/^[\w./-]+:v\d+\.\d+\.\d+$/, "must be an image with its version as the tag"),
  /** Kubernetes version of the running configuration. */
  kubernetes: exactVersion("v"),
  /** Differences that are not turned on yet: see `environments/differences.ts`. */
  withhold: z.array(z.enum(DIFFERENCE_NAMES)),
  /** Objects that the cluster does not have, so that nothing imports them, e.g. `namespace/velero`. */
  absent: z
    .array(z.string().regex(/^[a-z0-9]+\/[a-z0-9-]+$/, "must be a kind and a name, e.g. namespace/velero"))
    .default([]),
});
