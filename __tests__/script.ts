/** Scripts of the project as programs: bundled once by each worker, since a bundle starts in tenths of a second. */
import { mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildSync } from "esbuild";

const BANNER =
  'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';

const built = new Map<string, string>();

/** Path of the bundle of a script of this checkout, which Node.js runs. */
export const script = (path: string): string => {
  const known = built.get(path);
  if (known) return known;
  const bundle = scriptOf(process.cwd(), path);
  built.set(path, bundle);
  return bundle;
};

/** The same of another checkout, which may have changed since it was asked for. */
export const scriptOf = (root: string, path: string): string => {
  // As deep as the script itself, which looks for files beside it.
  const bundle = join(root, "dist/scripts", `${basename(path, ".ts")}.mjs`);
  build(join(root, path), bundle, root);
  return bundle;
};

const build = (source: string, bundle: string, root: string): void => {
  const outfile = `${bundle}.${process.pid}`;
  mkdirSync(dirname(bundle), { recursive: true });
  buildSync({
    absWorkingDir: root,
    entryPoints: [source],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    outfile,
    alias: {
      "re2-wasm": join(root, "bin/re2.mjs"),
      archiver: join(root, "bin/archiver.mjs"),
      child_process: join(root, "bin/child-process.cjs"),
    },
    minifyWhitespace: true,
    minifySyntax: true,
    banner: { js: BANNER },
    logLevel: "silent",
  });
  // Another worker may run it at this moment.
  renameSync(outfile, bundle);
};
