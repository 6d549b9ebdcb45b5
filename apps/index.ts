import type { AppDeclaration } from "../lib/app/declaration.ts";
import { fluentBit } from "./fluent-bit.ts";
import { grafana } from "./grafana.ts";
import { loki } from "./loki.ts";
import { nodeExporter } from "./node-exporter.ts";
import { velero } from "./velero.ts";
import { victoriaMetrics } from "./victoria-metrics.ts";
import { whoami } from "./whoami.ts";

/** Every app of the homelab, in the order of their names. */
export const apps: readonly AppDeclaration[] = [
  fluentBit,
  grafana,
  loki,
  nodeExporter,
  velero,
  victoriaMetrics,
  whoami,
];
