/**
 * Binding of `kubernetes_cron_job_v1` (hashicorp/kubernetes 2.38.0) with the types of the prebuilt one. The prebuilt
 * class brings 5 MB of generated code for every field that a pod can have, and loading it takes longer than reading
 * both environments.
 */
import type { CronJobV1Config } from "@cdktf/provider-kubernetes/lib/cron-job-v1";
import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";

/** Fields whose keys are names of the user's own, not attributes. */
const MAPS: ReadonlySet<string> = new Set([
  "annotations",
  "labels",
  "limits",
  "matchLabels",
  "nodeSelector",
  "options",
  "requests",
  "volumeAttributes",
]);

export class CronJob extends TerraformResource {
  static readonly tfResourceType = "kubernetes_cron_job_v1";

  constructor(
    scope: Construct,
    id: string,
    private readonly config: CronJobV1Config,
  ) {
    super(scope, id, {
      ...config,
      terraformResourceType: CronJob.tfResourceType,
      terraformGeneratorMetadata: {
        providerName: "kubernetes",
        providerVersion: "2.38.0",
        providerVersionConstraint: "~> 2.0",
      },
    });
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    const { metadata, spec, timeouts } = this.config;
    return { metadata: attributes(metadata), spec: attributes(spec), timeouts: attributes(timeouts) };
  }
}

/** Keys as Terraform calls them; what is no plain object, such as a token, stays what it is. */
const attributes = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(attributes);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      MAPS.has(key) ? item : attributes(item),
    ]),
  );
};
