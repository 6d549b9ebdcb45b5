import type { Definition } from "../../../operations/cli/definition.ts";
import { homelab } from "../../../operations/cli/homelab.ts";

/** Runs a command of `homelab` in this process, with nobody to answer. */
export const run = async (definition: Definition, ...args: readonly string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const code = await homelab([definition], [definition.name, ...args], {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    cwd: process.cwd(),
    ask: undefined,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
};
