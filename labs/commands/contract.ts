import type { Definition } from "../../operations/cli/definition.ts";

export const contract: Definition = {
  name: "contract",
  summary: "hold every stack against real providers, real Terraform and OpenTofu, and Talos' own library",
  details:
    "As far as this machine has them, and says what it left out and why; homelab providers brings the providers.",
  examples: [
    ["contract", "all that this machine can"],
    ["contract --update-schemas", "keeps the schemas that the providers print"],
  ],
  exits: { 0: "nothing failed", 1: "something failed" },
  build: (command, run) =>
    command.option("--update-schemas", "keep the schemas that the providers print").action(
      run(async (terminal, { updateSchemas = false }) => {
        const { contractCommand } = await import("../contract/contract-command.ts");
        return contractCommand(updateSchemas, terminal);
      }),
    ),
};
