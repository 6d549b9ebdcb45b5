/** A program of its own that synthesizes one generated environment, so that time and memory are those of a process. */
import "../../lib/core/stack-trace.ts";
import "../../lib/core/token-resolution.ts";
import { writeFileSync } from "node:fs";
import { unknownCharts } from "../../environments/recorded/chart-request.ts";
import { parseEnvironments } from "../../environments/schema.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";
import { generatedApps } from "./apps.ts";
import { generatedEnvironment } from "./environments.ts";

export interface GrownSize {
  readonly nodes: number;
  readonly namespaces: number;
  readonly apps: number;
}

/** Input of the program: its size as JSON, and the file for the most memory that it had, in MiB. */
export const GROWN = { size: "BENCH_SIZE", memory: "BENCH_MEMORY" } as const;

const { [GROWN.size]: size, [GROWN.memory]: memory } = process.env;
if (size !== undefined && memory !== undefined) {
  const { apps, ...rest } = JSON.parse(size) as GrownSize;
  const environments = parseEnvironments([generatedEnvironment(rest)]);
  synthesizeEnvironments(environments, generatedApps(apps), undefined, unknownCharts("generated"));
  writeFileSync(memory, String(process.resourceUsage().maxRSS / 1024));
}
