/**
 * Bundles a TypeScript entry into one file under `dist/`, and knows when that file is stale: it is fresh only if
 * every input has the very content that it was built from, under the same Node.js and the same lock file.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** One hash over the project's own inputs, the lock file, this script and the runtime. */
const fingerprint = (inputs) => {
  const hash = createHash("sha256").update(process.version);
  for (const input of ["package-lock.json", "tsconfig.json", "bin/build.mjs", ...inputs]) {
    const path = join(root, input);
    hash.update(`${input}\0${existsSync(path) ? sha256(readFileSync(path)) : "missing"}\0`);
  }
  return hash.digest("hex");
};

const writeAtomically = (path, content) => {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
};

const readManifest = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};

/**
 * Loads the bundle of `entry` (a path below the root) and runs it. Builds it first when it is stale.
 * Returns true when it had to build.
 */
export const runBundle = async (entry) => {
  const name = basename(entry, ".ts");
  const paths = {
    bundle: join(dist, `${name}.cjs`),
    cache: join(dist, `${name}.cache`),
    manifest: join(dist, `${name}.json`),
  };
  const manifest = readManifest(paths.manifest);
  const fresh =
    manifest !== undefined &&
    existsSync(paths.bundle) &&
    manifest.fingerprint === fingerprint(manifest.inputs) &&
    manifest.bundle === sha256(readFileSync(paths.bundle));
  if (!fresh) await build(entry, paths);
  execute(paths);
  return !fresh;
};

const build = async (entry, paths) => {
  const { build: esbuild } = await import("esbuild");
  mkdirSync(dist, { recursive: true });
  const result = await esbuild({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    metafile: true,
    write: false,
    alias: { "re2-wasm": join(root, "bin/re2.mjs") },
    logLevel: "error",
  });
  const inputs = Object.keys(result.metafile.inputs)
    .filter((input) => !input.startsWith("node_modules/") && existsSync(join(root, input)))
    .sort();
  const bundle = result.outputFiles[0].contents;
  writeAtomically(paths.bundle, bundle);
  writeAtomically(paths.cache, "");
  writeAtomically(
    paths.manifest,
    JSON.stringify({ fingerprint: fingerprint(inputs), bundle: sha256(bundle), inputs }),
  );
};

/** Runs the bundle as CommonJS, with V8's compiled code from the run before. */
const execute = (paths) => {
  const { createRequire } = process.getBuiltinModule("node:module");
  const source = readFileSync(paths.bundle, "utf8");
  const cachedData = existsSync(paths.cache) ? readFileSync(paths.cache) : undefined;
  const script = new vm.Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
    filename: paths.bundle,
    ...(cachedData?.length ? { cachedData } : {}),
  });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(paths.bundle), module, paths.bundle, dist);
  if (!cachedData?.length || script.cachedDataRejected)
    writeAtomically(paths.cache, script.createCachedData());
};
