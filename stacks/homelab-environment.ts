import type { Construct } from "constructs";
import { type ChartSource, recordedCharts } from "../environments/recorded/chart-request.ts";
import type { Environment } from "../environments/schema.ts";
import type { AppDeclaration } from "../lib/app/declaration.ts";
import type { Layer } from "../lib/core/platform/layers.ts";
import { whileDoing } from "../lib/core/synthesis/doing.ts";
import { adopt } from "./adoption.ts";
import { AppsStack } from "./apps-stack.ts";
import { BackupStack } from "./backup-stack.ts";
import { ClusterStack, type NodeOverrides } from "./cluster-stack.ts";
import type { HomelabStack } from "./homelab-stack.ts";
import { PlatformStack } from "./platform-stack.ts";
import { addReleaseCheck } from "./release-check.ts";

/** The four stacks of one environment. Data flows down only: backup, cluster, platform, apps. */
export const addEnvironment = (
  scope: Construct,
  environment: Environment,
  overrides: NodeOverrides,
  adopted: readonly string[],
  declarations: readonly AppDeclaration[],
  charts: ChartSource = recordedCharts,
): void => {
  const built = <T extends HomelabStack>(layer: Layer, build: () => T): T =>
    whileDoing(`building ${environment.name}-${layer}`, build);
  const backup = built("backup", () => new BackupStack(scope, environment));
  const cluster = built("cluster", () => new ClusterStack(scope, environment, overrides));
  const platform = built(
    "platform",
    () => new PlatformStack(scope, environment, cluster.connection, backup, declarations, charts),
  );
  addReleaseCheck(platform, charts);
  const apps = built(
    "apps",
    () => new AppsStack(scope, environment, cluster.connection, platform, declarations, charts),
  );
  for (const stack of [backup, cluster, platform, apps]) adopt(stack, adopted);
};
