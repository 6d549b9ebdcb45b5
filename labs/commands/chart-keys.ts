import type { Definition } from "../../operations/cli/definition.ts";
import { inputFrom } from "../../operations/cli/terminal.ts";

export const chartKeys: Definition = {
  name: "chart-keys",
  summary: "list the values that a Helm chart knows, as JSON pointers, one a line",
  details: "A line that ends in /* is open: a template takes the whole map or list.",
  examples: [
    ["chart-keys cilium-1.18.3.tgz > cilium-1.18.3.keys.txt", "a packed chart; the tests keep the list"],
  ],
  build: (command, run) =>
    command.argument("<chart>", "a packed chart, or its directory").action(
      run(async (terminal, chart) => {
        const { chartKeysOf } = await import("../charts/chart-keys.ts");
        terminal.out(chartKeysOf(inputFrom(terminal, chart)).join("\n"));
        return 0;
      }),
    ),
};
