/** `npm run providers`: fills the mirror that `npm run contract` and `npm run e2e` take real providers from. */
import { runCommand } from "../../lib/core/process/command.ts";
import { environmentNamed, environmentNames } from "../../operations/cli/environments.ts";
import { synthesizedStacks } from "../../operations/cli/synthesized-stacks.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";
import { providersCommand } from "../contract/providers-command.ts";
import { pinnedProviders } from "../contract/required-providers.ts";

process.exitCode = await providersCommand(
  process.argv.slice(2),
  runCommand,
  ProviderMirror.ofMachine(),
  () => pinnedProviders(synthesizedStacks(...environmentNames.map(environmentNamed)).map(({ json }) => json)),
  (line) => console.log(line),
);
