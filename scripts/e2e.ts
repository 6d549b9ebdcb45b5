/** `npm run e2e`: deploys platform and apps of an environment to a real API server, and checks what comes of it. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { e2eCommand } from "../lib/e2e/command.ts";
import { environmentNamed, environmentNames } from "./environments.ts";

const script = fileURLToPath(import.meta.url);

const code = await e2eCommand(process.argv.slice(2), {
  root: resolve(script, "../.."),
  script,
  environments: environmentNames.map(environmentNamed),
  out: (line) => console.log(line),
});
// A server that a failure left running must not hold this one up.
process.stdout.write("", () => process.exit(code));
