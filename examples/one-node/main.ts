import { synthesizeHomelab } from "terravixens/stacks";
import { whoami } from "./apps.ts";
import { home } from "./environment.ts";

console.log(synthesizeHomelab([home], [whoami]));
