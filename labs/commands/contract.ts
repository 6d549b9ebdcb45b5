import type { Definition } from "../../operations/cli/definition.ts";
import { CHECKS_SHAPE } from "../checks.ts";

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
  json: CHECKS_SHAPE,
  build: (command, run) =>
    command
      .option("--update-schemas", "keep the schemas that the providers print")
      .option("--json", "print the checks as JSON")
      .action(
        run(async (terminal, { updateSchemas = false, json = false }) => {
          const { contractCommand } = await import("../contract/contract-command.ts");
          return contractCommand({ updateSchemas, json }, terminal);
        }),
      ),
};
