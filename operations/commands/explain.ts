/** `npm run explain -- <environment>/<app>`: everything that an app becomes there. */
import { existsSync, readFileSync } from "node:fs";
import { apps } from "../../apps/index.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { explainCommand } from "../explain/command.ts";
import { surroundingsOf } from "../explain/surroundings.ts";

process.exitCode = explainCommand(
  process.argv.slice(2),
  {
    environments: environmentNames,
    declarations: apps,
    surroundings: (name) => surroundingsOf(environmentNamed(name), apps),
    linesOf: (name) => {
      const file = new URL(`../../apps/${name}.ts`, import.meta.url);
      return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n").length : undefined;
    },
  },
  (line) => console.log(line),
);
