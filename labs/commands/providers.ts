/** `npm run providers`: fills the mirror that `npm run contract` and `npm run e2e` take real providers from. */
import "../../lib/core/stack-trace.ts";
import { runCommand } from "../../lib/core/process/command.ts";
import { synthesizedStacks } from "../../operations/cli/stacks.ts";
import { ProviderMirror } from "../contract/provider-mirror.ts";
import { providersCommand } from "../contract/providers-command.ts";
import { pinnedProviders } from "../contract/required-providers.ts";

process.exitCode = await providersCommand(
  process.argv.slice(2),
  runCommand,
  ProviderMirror.ofMachine(),
  () => pinnedProviders(synthesizedStacks().map(({ json }) => json)),
  (line) => console.log(line),
);
