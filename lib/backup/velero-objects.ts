/**
 * Velero's own objects, hand-made: there is no typed package of them. Fields as in `config/crd/v1` of
 * vmware-tanzu/velero and `internal/resourcepolicies` (labels of claims are a condition since 1.17).
 */

import type { CustomResourceObject } from "../core/kubernetes/custom-resource.ts";
import { Schedule } from "../core/values/schedule.ts";

const API_VERSION = "velero.io/v1";
const NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Go's form of a duration, as Velero reads it. */
const TTL = /^[1-9]\d*h0m0s$/;

const refuse = (problems: readonly (string | false)[]): void => {
  const found = problems.filter((problem) => problem !== false);
  if (found.length > 0) throw new Error(found.join("; "));
};

interface Metadata {
  readonly name: string;
  readonly namespace: string;
}

/** The time for which Velero keeps a backup, e.g. `720h0m0s` for 30 days. */
const timeToLive = (days: number): string => `${days * 24}h0m0s`;

export interface VeleroScheduleProps extends Metadata {
  /** Five fields, UTC. */
  readonly schedule: string;
  /** Days for which a backup is kept. */
  readonly keepDays: number;
  /** Namespaces whose volumes are backed up. */
  readonly includedNamespaces: readonly string[];
  /** Name of the BackupStorageLocation. */
  readonly storageLocation: string;
  /** ConfigMap that says which volumes are read, beside the Schedule. */
  readonly resourcePolicy: string;
}

/** A backup on a schedule: the objects of namespaces, and the volumes that a policy names, read file by file (kopia). */
export class VeleroSchedule implements CustomResourceObject {
  readonly apiVersion = API_VERSION;
  readonly kind = "Schedule";
  readonly metadata: Metadata;
  readonly spec;

  constructor({ name, namespace, ...props }: VeleroScheduleProps) {
    this.metadata = { name, namespace };
    this.spec = {
      schedule: props.schedule,
      // Backups outlive the Schedule that made them.
      useOwnerReferencesInBackup: false,
      template: {
        ttl: timeToLive(props.keepDays),
        storageLocation: props.storageLocation,
        includedNamespaces: [...props.includedNamespaces],
        // The policy alone decides which volumes are read.
        defaultVolumesToFsBackup: false,
        snapshotVolumes: false,
        resourcePolicy: { kind: "configmap", name: props.resourcePolicy },
      },
    };
  }

  validate(): void {
    const { schedule, template } = this.spec;
    refuse([
      !NAME.test(this.metadata.name) && `metadata.name: must be a DNS label: got "${this.metadata.name}"`,
      !Schedule.isValid(schedule) &&
        `spec.schedule: must be a cron schedule of five fields: got ${JSON.stringify(schedule)}`,
      !TTL.test(template.ttl) &&
        `spec.template.ttl: must be whole days from 1 on: got ${JSON.stringify(template.ttl)}`,
      // Empty means every namespace there is.
      template.includedNamespaces.length === 0 &&
        "spec.template.includedNamespaces: must name at least one namespace: got []",
      ...template.includedNamespaces.map(
        (name) =>
          !NAME.test(name) &&
          `spec.template.includedNamespaces: must be DNS labels: got ${JSON.stringify(name)}`,
      ),
    ]);
  }

  toJSON(): unknown {
    const { apiVersion, kind, metadata, spec } = this;
    return { apiVersion, kind, metadata, spec };
  }
}
