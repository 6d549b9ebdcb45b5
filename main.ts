import "./lib/core/stack-trace.ts";
import "./lib/core/token-resolution.ts";
import { apps } from "./apps/index.ts";
import { environments } from "./environments/index.ts";
import { whileDoing } from "./lib/core/synthesis/doing.ts";
import { synthesizeHomelab } from "./stacks/homelab.ts";

console.log(whileDoing("synthesizing the homelab", () => synthesizeHomelab(environments, apps)));
