import type { Definition } from "../cli/definition.ts";
import { environmentArgument } from "../cli/environment-argument.ts";
import { pathFrom } from "../cli/terminal.ts";

export const report: Definition = {
  name: "report",
  summary: "write one page about an environment, to print or to review",
  details:
    "Risks by review date, versions and their ends, capacity with a node lost, machines and networks, what crosses the edge, backups, assumptions.",
  examples: [["report prod --out report.html", "needs no cluster"]],
  exits: { 0: "written", 1: "the homelab is refused as it is" },
  build: (command, run) =>
    command
      .addArgument(environmentArgument())
      .option("--out <file>", "the page", "report.html")
      .action(
        run(async (terminal, name, { out }) => {
          const { writeFileSync } = await import("node:fs");
          const { apps } = await import("../../apps/index.ts");
          const { environmentNamed } = await import("../cli/environments.ts");
          const { surroundingsOf } = await import("../explain/surroundings.ts");
          const { reportPage } = await import("../report/report-page.ts");
          terminal.err("synthesizing …");
          const today = new Date().toISOString().slice(0, 10);
          const file = pathFrom(terminal, out);
          writeFileSync(file, reportPage(surroundingsOf(environmentNamed(name), apps), today));
          terminal.out(`${file} is written`);
          return 0;
        }),
      ),
};
