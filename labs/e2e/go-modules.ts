/** Files that projects publish inside of their Go modules. */
import { runCommand } from "../../lib/core/process/command.ts";

/** Path of the module proxy's copy of a module on this machine. Refused: a version that cannot be had. */
export const moduleDirectory = async (module: string, version: string): Promise<string> => {
  const { stdout, stderr } = await runCommand("go", ["mod", "download", "-json", `${module}@${version}`], {});
  const { Dir, Error: problem } = JSON.parse(stdout || "{}") as { Dir?: string; Error?: string };
  if (Dir === undefined) throw new Error(`Go module ${module} ${version}: ${(problem ?? stderr).trim()}`);
  return Dir;
};
