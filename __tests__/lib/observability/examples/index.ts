import { backupOf } from "../../../../environments/absent.ts";
import type { Environment } from "../../../../environments/schema.ts";
import { capacityExamples } from "./capacity.ts";
import { certificatesExamples } from "./certificates.ts";
import { etcdExamples } from "./etcd.ts";
import { etcdBackupExamples } from "./etcd-backup.ts";
import type { Examples, ExamplesFor } from "./examples.ts";
import { gitopsExamples } from "./gitops.ts";
import { metricsMissingExamples } from "./metrics-missing.ts";
import { monitoringExamples } from "./monitoring.ts";
import { networkExamples } from "./network.ts";
import { nodesExamples } from "./nodes.ts";
import { volumeBackupExamples } from "./volume-backup.ts";

/** The examples of every alert of an environment but those on missing metrics, which are made from their expressions. */
export const allExamples = (environment: Environment): Examples => ({
  ...etcdExamples,
  ...nodesExamples,
  ...capacityExamples,
  ...certificatesExamples,
  ...networkExamples,
  ...gitopsExamples,
  ...volumeBackupExamples(environment.names.manager),
  ...monitoringExamples,
  ...etcdBackupExamples(backupOf(environment).tiers),
});

export const examplesOf = (environment: Environment): ExamplesFor => {
  const examples = allExamples(environment);
  return (alert) => {
    if (alert.name === "MetricsMissing") return metricsMissingExamples(alert);
    const found = examples[alert.name];
    if (!found) throw new Error(`alert ${alert.name}: must have examples: got none`);
    return found;
  };
};
