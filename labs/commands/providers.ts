import type { Definition } from "../../operations/cli/definition.ts";

export const providers: Definition = {
  name: "providers",
  summary: "fill the mirror that contract and e2e take real providers from",
  details: `With the versions that the stacks pin: downloads them from their registry, otherwise builds them as Go tools.
Where neither is to be had, it builds another version, which contract and e2e take in place of the pinned one and name.
The mirror is the one that TERRAFORM_PROVIDER_MIRROR names, otherwise one in the user's cache.`,
  examples: [
    ["providers", "the providers"],
    ["providers --opentofu", "and OpenTofu, where no tofu is installed"],
  ],
  exits: { 0: "the mirror has all", 77: "something cannot be had here, and is named" },
  build: (command, run) =>
    command.option("--opentofu", "build OpenTofu as well, where no tofu is installed").action(
      run(async (terminal, { opentofu = false }) => {
        const { runCommand } = await import("../../lib/core/process/command.ts");
        const { allEnvironments } = await import("../../operations/cli/environments.ts");
        const { synthesizedStacks } = await import("../../operations/cli/synthesized-stacks.ts");
        const { ProviderMirror } = await import("../contract/provider-mirror.ts");
        const { providersCommand } = await import("../contract/providers-command.ts");
        const { pinnedProviders } = await import("../contract/required-providers.ts");
        const wanted = () => pinnedProviders(synthesizedStacks(...allEnvironments()).map(({ json }) => json));
        return providersCommand(opentofu, runCommand, ProviderMirror.ofMachine(), wanted, terminal);
      }),
    ),
};
