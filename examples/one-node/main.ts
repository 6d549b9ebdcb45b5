import { synthesizeHomelab } from "terravixens/stacks";
import { apps } from "./apps.ts";
import { home } from "./environment.ts";

console.log(synthesizeHomelab([home], apps));
