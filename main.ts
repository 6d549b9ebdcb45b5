import "./lib/stack-trace.ts";
import "./lib/token-resolution.ts";
import { environments } from "./environments/index.ts";
import { synthesizeHomelab } from "./stacks/homelab.ts";

console.log(synthesizeHomelab(environments));
