/** The command lines of Terraform, in the directory of a stack: a deploy, the end-to-end run and runbooks share them. */

const QUIET = ["-input=false", "-no-color"];

/** The arguments of a command in a directory. */
export const inDirectory = (directory: string, args: readonly string[]): string[] => [
  `-chdir=${directory}`,
  ...args,
];

export const INIT: readonly string[] = ["init", ...QUIET];

/** A directory that was just synthesized knows no backend yet. */
export const INIT_ANEW: readonly string[] = [...INIT, "-reconfigure"];

/** Writes a plan to `file`, a path from the directory. */
export const planTo = (file: string, ...limits: readonly string[]): string[] => [
  "plan",
  ...QUIET,
  `-out=${file}`,
  ...limits,
];

export const PLAN_DESTROY: readonly string[] = ["plan", "-destroy", ...QUIET];

export const showJson = (file: string): string[] => ["show", "-json", file];

/** Ends at once, with the lock's id, while somebody has locked the state. */
export const SHOW_LOCK: readonly string[] = ["plan", "-refresh=false", ...QUIET];

export const unlock = (id: string): string[] => ["force-unlock", "-force", id];

/** Takes an object that is there into the state. */
export const importObject = (address: string, id: string): string[] => ["import", ...QUIET, address, id];

export const APPLY_UNASKED: readonly string[] = ["apply", "-auto-approve", ...QUIET];
