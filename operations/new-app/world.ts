import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { apps } from "../../apps/index.ts";
import type { Environment } from "../../environments/schema.ts";
import { writeFormatted } from "../cli/formatted.ts";
import { writeGenerated } from "../cli/generated.ts";
import { refusalsOf } from "../cli/refusals.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { NewAppWorld } from "./command.ts";
import { essentialsOf } from "./essentials.ts";

/** The project that is checked out. */
export const projectWorld = (
  parsed: readonly Environment[],
  { ask, err }: Pick<Terminal, "ask" | "err">,
): NewAppWorld => ({
  declarations: apps,
  prove: (declarations) => refusalsOf(parsed, declarations),
  essentials: (declaration, all) =>
    new Map(
      parsed.flatMap((environment) => {
        const found = essentialsOf(declaration, all, environment);
        return found ? [[environment.name, found] as const] : [];
      }),
    ),
  exists: existsSync,
  read: (path) => readFileSync(path, "utf8"),
  write: writeFormatted,
  writeBeside: (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: "wx" });
  },
  generate: () => writeGenerated(err),
  ask,
});

/** The class of claims that name none: the first that the environments have. */
export const defaultStorageClass = (parsed: readonly Environment[]): string =>
  parsed.flatMap(({ storageClasses }) => storageClasses.map(({ name }) => name))[0] ?? "";
