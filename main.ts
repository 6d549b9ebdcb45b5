import "./lib/stack-trace.ts";
import { environments } from "./environments/index.ts";
import { synthesizeHomelab } from "./stacks/homelab.ts";

console.log(synthesizeHomelab(environments));
