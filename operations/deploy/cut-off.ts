/**
 * Arguments of Terraform that mend a state after an apply that was cut off: the end-to-end run uses them after each
 * apply that it kills, and a runbook names them.
 */

/** A directory that was just synthesized knows no backend yet. */
export const INIT: readonly string[] = ["init", "-input=false", "-no-color", "-reconfigure"];

/** Ends at once, with the lock's id, while somebody has locked the state. */
export const SHOW_LOCK: readonly string[] = ["plan", "-refresh=false", "-input=false", "-no-color"];

export const unlock = (id: string): readonly string[] => ["force-unlock", "-force", id];

/** Takes an object that is there into the state. */
export const importObject = (address: string, id: string): readonly string[] => [
  "import",
  "-input=false",
  "-no-color",
  address,
  id,
];
