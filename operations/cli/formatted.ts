import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { mustRunSync } from "../../lib/core/process/command.ts";

/** As `npm run lint` wants it, imports sorted. */
const formatted = (path: string, text: string): string => {
  const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
  return mustRunSync(process.execPath, [biome, "check", "--write", `--stdin-file-path=${path}`], {
    input: text,
  });
};

/** Writes a file, formatted; a new one is never written over another. */
export const writeFormatted = (path: string, text: string, isNew: boolean): void =>
  writeFileSync(path, formatted(path, text), { flag: isNew ? "wx" : "w" });
