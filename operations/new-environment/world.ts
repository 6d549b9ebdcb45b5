import { existsSync, readFileSync } from "node:fs";
import { environments } from "../../environments/index.ts";
import { writeFormatted } from "../cli/formatted.ts";
import { writeGenerated } from "../cli/generated.ts";
import { refusalsOf } from "../cli/refusals.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { NewEnvironmentWorld } from "./command.ts";

/** The project that is checked out. */
export const newEnvironmentWorld = ({ ask, err }: Terminal): NewEnvironmentWorld => ({
  environments,
  today: new Date().toISOString().slice(0, 10),
  exists: existsSync,
  read: (path) => readFileSync(path, "utf8"),
  write: writeFormatted,
  prove: (environment) => refusalsOf([environment]),
  generate: () => writeGenerated(err),
  ask,
});
