import { mustRunSync, runCommandSync } from "../../lib/core/process/command.ts";
import { environmentNamed } from "../cli/environments.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";
import { otherResources } from "../guard/other-resources.ts";
import type { Evidence } from "../guard/rule.ts";
import type { JudgeTools } from "./judge.ts";
import { realTerraform } from "./terraform.ts";

/** Writes `cdktf.out` anew, and shows what is wrong. */
export const writeSynthesis = (): void => {
  const { code } = runCommandSync(process.execPath, ["bin/synth.mjs", "--no-cache"], { shown: true });
  if (code !== 0) throw new Error("refused, see above");
};

/** The commit that is checked out. */
export const checkedOutCommit = (): string => mustRunSync("git", ["rev-parse", "HEAD"]).trim();

/** Terraform of this machine, and a guard that knows the environment as it is checked out. */
export const judging = (evidence: Evidence): JudgeTools => ({
  terraform: realTerraform,
  guardOptions: ({ environment: name, name: stack }) => {
    const environment = environmentNamed(name);
    return {
      environment,
      today: new Date().toISOString().slice(0, 10),
      otherResources: otherResources(environment, stack, synthesizedStacks),
      ...evidence,
    };
  },
});
