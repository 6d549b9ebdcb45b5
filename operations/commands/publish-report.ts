import type { Definition } from "../cli/definition.ts";
import { pathFrom } from "../cli/terminal.ts";

export const publishReport: Definition = {
  name: "publish-report",
  summary: "publish a report from a workflow, in the place of the last one of its name",
  details: "Needs GITHUB_TOKEN and GITHUB_REPOSITORY.",
  examples: [
    ["publish-report comment --pull-request 12 --name plan FILE", "a comment on a pull request"],
    [
      'publish-report issue --name drift --title "Drift" FILE',
      "an issue; an empty or missing file closes it",
    ],
  ],
  exits: { 0: "published", 1: "GitHub refused" },
  build: (command, run) => {
    command
      .command("comment")
      .description("Comment on a pull request.")
      .argument("<file>", "the report")
      .requiredOption("--pull-request <number>", "the pull request")
      .requiredOption("--name <name>", "name of the report, of which there is one")
      .action(
        run(async (terminal, file, options) => {
          const { publishCommentCommand } = await import("../automation/publish-command.ts");
          return publishCommentCommand(pathFrom(terminal, file), options);
        }),
      );
    command
      .command("issue")
      .description("Open an issue, or close it when there is nothing to report.")
      .argument("<file>", "the report")
      .requiredOption("--name <name>", "name of the report, of which there is one")
      .requiredOption("--title <title>", "title of the issue")
      .action(
        run(async (terminal, file, options) => {
          const { publishIssueCommand } = await import("../automation/publish-command.ts");
          return publishIssueCommand(pathFrom(terminal, file), options);
        }),
      );
    return command;
  },
};
