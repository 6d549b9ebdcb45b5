/** `homelab deploy`: what it says and returns. */
import { rmSync } from "node:fs";
import { stateBucketOf } from "../../environments/absent.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import type { Terminal } from "../cli/terminal.ts";
import { lockProblem, tryLock } from "../doctor/bucket-probe.ts";
import { type EvidenceFiles, evidenceFrom } from "../guard/evidence.ts";
import { type DeployTools, deploy } from "./deploy.ts";
import { checkedOutCommit, judging, writeSynthesis } from "./judging.ts";
import { type DeployFlags, type DeployRequest, readDeployRequest } from "./request.ts";
import { SavedPlans } from "./saved-plan.ts";

const confirm =
  ({ ask }: Terminal) =>
  async (stack: string): Promise<boolean> =>
    ask !== undefined && (await ask(`Apply this plan? Type ${stack} to apply it`)) === stack;

const savedPlans = ({ saved }: DeployRequest): DeployTools["saved"] => {
  const plans = new SavedPlans(saved?.directory ?? "");
  const { approved } = saved ?? {};
  return {
    open: (stack, directory) =>
      plans.open(directory, {
        stack,
        commit: checkedOutCommit(),
        now: new Date(),
        ...(approved !== undefined && { approved }),
      }),
    discard: (stack) => plans.discard(stack),
  };
};

/** Returns the exit code. */
export const deployCommand = async (
  names: readonly string[],
  flags: DeployFlags & EvidenceFiles,
  terminal: Terminal,
): Promise<number> => {
  // A plan file holds secrets in plain text.
  process.umask(0o077);
  const request = readDeployRequest(names, flags, environmentNames.map(environmentNamed));
  const summary = await deploy(request, {
    ...judging(evidenceFrom(flags)),
    synthesize: writeSynthesis,
    lockProblem: async (name) => {
      const state = stateBucketOf(environmentNamed(name));
      if (!state) return undefined;
      const problem = lockProblem(state, await tryLock(state, process.env));
      return problem && `${problem.says}; ${problem.todo}`;
    },
    confirm: confirm(terminal),
    remove: (path) => rmSync(path, { force: true }),
    saved: savedPlans(request),
    log: terminal.out,
  });
  return summary.ok ? 0 : 1;
};
