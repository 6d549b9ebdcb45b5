/** `npm run node -- add|remove|replace|rename <environment> <node>`: prints the steps. See docs/runbooks/node-life.md. */
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { parseEnvironment } from "../../environments/schema.ts";
import { nodeCommand } from "../node-life/node-command.ts";

process.exitCode = nodeCommand(
  process.argv.slice(2),
  {
    dev: () => parseEnvironment(dev),
    prod: () => parseEnvironment(prod),
  },
  (line) => console.log(line),
);
