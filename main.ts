import "./lib/stack-trace.ts";
import { dev } from "./environments/dev.ts";
import { prod } from "./environments/prod.ts";
import { synthesizeHomelab } from "./stacks/homelab.ts";

console.log(synthesizeHomelab([dev, prod]));
