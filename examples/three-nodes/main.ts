import { synthesizeHomelab } from "terravixens/stacks";
import { apps } from "./apps.ts";
import { rack } from "./environment.ts";

console.log(synthesizeHomelab([rack], apps));
