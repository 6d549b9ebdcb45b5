/** `npm run providers`: fills the mirror that `npm run contract` and `npm run e2e` take real providers from. */
import "../lib/stack-trace.ts";
import { ProviderMirror } from "../lib/contract/provider-mirror.ts";
import { providersCommand } from "../lib/contract/providers-command.ts";
import { pinnedProviders } from "../lib/contract/required-providers.ts";
import { runCommand } from "../lib/upgrade/command.ts";
import { synthesizedStacks } from "./stacks.ts";

process.exitCode = await providersCommand(
  process.argv.slice(2),
  runCommand,
  ProviderMirror.ofMachine(),
  () => pinnedProviders(synthesizedStacks().map(({ json }) => json)),
  (line) => console.log(line),
);
