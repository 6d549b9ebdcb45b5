import { z } from "zod";
import type { CustomResourceObject } from "../core/kubernetes/custom-resource.ts";

/** Objects of VictoriaMetrics' operator, in the part that this project writes. Source: its chart 0.59.3, `crd.yaml`. */
const API_VERSION = "operator.victoriametrics.com/v1beta1";

const duration = z.string().regex(/^(\d+(ms|s|m|h|d|w))+$/, "must be a duration such as 15m");
const labels = z.record(z.string(), z.string());

const relabeling = z.strictObject({
  action: z.enum(["replace", "keep", "drop", "labeldrop", "labelkeep"]).optional(),
  sourceLabels: z.array(z.string()).optional(),
  regex: z.string().optional(),
  targetLabel: z.string().optional(),
  replacement: z.string().optional(),
});

const SPECS = {
  VMRule: z.strictObject({
    groups: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          interval: duration.optional(),
          rules: z
            .array(
              z.strictObject({
                alert: z.string().min(1),
                expr: z.string().min(1),
                for: duration.optional(),
                labels: labels.optional(),
                annotations: labels.optional(),
              }),
            )
            .min(1),
        }),
      )
      .min(1),
  }),
  VMPodScrape: z.strictObject({
    namespaceSelector: z.strictObject({ matchNames: z.array(z.string()).min(1) }),
    selector: z.strictObject({ matchLabels: labels }),
    podMetricsEndpoints: z
      .array(
        z.strictObject({
          port: z.string().min(1),
          path: z.string().optional(),
          interval: duration.optional(),
          relabelConfigs: z.array(relabeling).optional(),
          metricRelabelConfigs: z.array(relabeling).optional(),
        }),
      )
      .min(1),
  }),
  VMStaticScrape: z.strictObject({
    jobName: z.string().min(1),
    targetEndpoints: z
      .array(
        z.strictObject({
          targets: z.array(z.string().regex(/^[\w.-]+:\d+$/, "must be host:port")).min(1),
          interval: duration.optional(),
          metricRelabelConfigs: z.array(relabeling).optional(),
        }),
      )
      .min(1),
  }),
} as const;

export type VmKind = keyof typeof SPECS;
export type VmSpec<K extends VmKind> = z.infer<(typeof SPECS)[K]>;

/**
 * A rule or a scrape of VictoriaMetrics' operator. Refused by `validate`: a field that the CRD does not have, which
 * the API server would drop without a word, and a value of another form.
 */
export class VmObject<K extends VmKind> implements CustomResourceObject {
  readonly apiVersion = API_VERSION;

  constructor(
    readonly kind: K,
    readonly metadata: { readonly name: string; readonly namespace: string },
    readonly spec: VmSpec<K>,
  ) {}

  validate(): void {
    const { error } = SPECS[this.kind].safeParse(this.spec);
    if (!error) return;
    throw new Error(error.issues.map(({ path, message }) => `spec.${path.join(".")}: ${message}`).join("\n"));
  }

  toJSON(): unknown {
    const { apiVersion, kind, metadata, spec } = this;
    return { apiVersion, kind, metadata, spec };
  }
}
