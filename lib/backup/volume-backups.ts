import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { CustomResource } from "../core/kubernetes/custom-resource.ts";
import { VELERO_NAMESPACE, type VolumeClaim, volumeBackup } from "./volume-backup.ts";

export interface VolumeBackupsProps {
  /** Every claim of the environment. */
  readonly claims: readonly VolumeClaim[];
  /** Beginning of the labels that claims carry: `Names.manager`. */
  readonly manager: string;
  /** Constructs that must be there first. @default - no dependencies */
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Velero's Schedules for the claims of an environment, each with the policy that says which volumes it reads. A new claim
 * changes neither, unless its namespace is new to its schedule.
 *
 * Refused: see `volumeBackup`.
 */
export class VolumeBackups extends Construct {
  constructor(scope: Construct, id: string, { claims, manager, dependsOn = [] }: VolumeBackupsProps) {
    super(scope, id);
    const { schedules, policies, problems } = volumeBackup(claims, manager);
    this.node.addValidation({ validate: () => [...problems] });
    const applied = policies.map(
      ({ name, data }) =>
        new ConfigMapV1(this, `policy-${name}`, {
          metadata: { name, namespace: VELERO_NAMESPACE },
          data: { ...data },
          dependsOn,
        }),
    );
    for (const object of schedules)
      new CustomResource(this, `schedule-${object.metadata.name}`, {
        object,
        dependsOn: [...dependsOn, ...applied],
      });
  }
}
