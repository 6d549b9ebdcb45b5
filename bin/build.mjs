/**
 * Bundles a TypeScript entry into one file under `dist/`, and knows when that file is stale: it is fresh only if
 * every input has the very content that it was built from, under the same Node.js and the same lock file.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const here = dirname(fileURLToPath(import.meta.url));
const projectRoot = resolve(here, "..");

const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/** One hash over the bundle's own inputs, the lock file, the compiler's settings, this script and the runtime. */
const fingerprint = (root, inputs) => {
  const hash = createHash("sha256")
    .update(process.version)
    .update(readFileSync(join(here, "build.mjs")));
  for (const input of ["package-lock.json", "tsconfig.json", ...inputs]) {
    const path = join(root, input);
    hash.update(`${input}\0${existsSync(path) ? sha256(readFileSync(path)) : "missing"}\0`);
  }
  return hash.digest("hex");
};

const readOrUndefined = (path) => (existsSync(path) ? readFileSync(path) : undefined);

const readManifest = (path) => {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
};

const writeAtomically = (path, content) => {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
};

/** Loads the bundle of `entry` (a path below `root`), built anew when it is stale, and runs it. */
export const runBundle = async (entry, root = projectRoot) => {
  const base = join(root, "dist", basename(entry, ".ts"));
  const paths = { bundle: `${base}.cjs`, cache: `${base}.cache`, manifest: `${base}.json` };
  const manifest = readManifest(paths.manifest);
  const bundle = readOrUndefined(paths.bundle);
  const fresh =
    manifest !== undefined &&
    bundle !== undefined &&
    manifest.bundle === sha256(bundle) &&
    manifest.fingerprint === fingerprint(root, manifest.inputs);
  return execute(paths, fresh ? bundle : await build(entry, root, paths));
};

const build = async (entry, root, paths) => {
  const esbuild = await import("esbuild");
  mkdirSync(dirname(paths.bundle), { recursive: true });
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    metafile: true,
    write: false,
    outfile: paths.bundle,
    alias: { "re2-wasm": join(here, "re2.mjs") },
    logLevel: "error",
  });
  const inputs = Object.keys(result.metafile.inputs)
    .filter((input) => !input.includes("node_modules/"))
    .sort();
  const bundle = Buffer.from(result.outputFiles[0].contents);
  writeAtomically(paths.bundle, bundle);
  writeAtomically(
    paths.manifest,
    JSON.stringify({ fingerprint: fingerprint(root, inputs), bundle: sha256(bundle), inputs }),
  );
  return bundle;
};

/** Runs the bundle as CommonJS, with the code that V8 compiled in an earlier run where there is any. */
const execute = (paths, bundle) => {
  const cachedData = readCode(paths.cache, bundle);
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${bundle.toString("utf8")}\n})`,
    { filename: paths.bundle, cachedData },
  );
  const module = { exports: {} };
  script.runInThisContext()(
    module.exports,
    createRequire(paths.bundle),
    module,
    paths.bundle,
    dirname(paths.bundle),
  );
  if (cachedData === undefined || script.cachedDataRejected)
    writeAtomically(paths.cache, Buffer.concat([digestOf(bundle), script.createCachedData()]));
};

/**
 * Compiled code stands behind the digest of its bundle: V8 itself compares nothing but the length of the source, and
 * would run the old code of a bundle in which one word became another.
 */
const readCode = (path, bundle) => {
  const content = readOrUndefined(path);
  const digest = digestOf(bundle);
  return content?.subarray(0, digest.length).equals(digest) ? content.subarray(digest.length) : undefined;
};

const digestOf = (bundle) => createHash("sha256").update(bundle).digest();
