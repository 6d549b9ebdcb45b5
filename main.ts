import "./lib/core/stack-trace.ts";
import "./lib/core/token-resolution.ts";
import { environments } from "./environments/index.ts";
import { synthesizeHomelab } from "./stacks/homelab.ts";

console.log(synthesizeHomelab(environments));
