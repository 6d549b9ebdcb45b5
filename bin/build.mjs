/**
 * Bundles a TypeScript entry into one file under `dist/`, and knows when that file is stale: it is fresh only if
 * every input has the very content that it was built from, under the same Node.js and the same packages.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const here = dirname(fileURLToPath(import.meta.url));
const projectRoot = resolve(here, "..");

/** What shapes every bundle of a root. npm writes its hidden lock file when it installs: it tells what is there. */
const SURROUNDINGS = [
  "package.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
  "tsconfig.json",
];

/** Bytes with what tells them from others. */
const digested = (bytes) => ({ bytes, digest: createHash("sha256").update(bytes).digest("hex") });

const readOrUndefined = (path) => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
};

const surroundings = (root) => [join(here, "build.mjs"), ...SURROUNDINGS.map((file) => join(root, file))];

/** One hash over files and the runtime, by what `read` gives for each path. */
const fingerprint = (paths, read) => {
  const hash = createHash("sha256").update(process.version);
  for (const path of paths) {
    const content = read(path);
    hash.update(`\0${path}\0${content?.length ?? "missing"}\0`);
    if (content) hash.update(content);
  }
  return hash.digest("hex");
};

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

/** The bundle of `entry` (a path below `root`), built anew when it is stale. */
export const prepareBundle = async (entry, root = projectRoot) => {
  const base = join(root, "dist", basename(entry, ".ts"));
  const paths = {
    bundle: `${base}.cjs`,
    cache: `${base}.cache`,
    manifest: `${base}.json`,
    memory: `${base}.memory`,
  };
  const manifest = readManifest(paths.manifest);
  const bundle = digested(readOrUndefined(paths.bundle) ?? "");
  const fresh =
    manifest?.bundle === bundle.digest &&
    manifest.fingerprint === fingerprint([...surroundings(root), ...manifest.inputs], readOrUndefined);
  return { paths, ...(fresh ? bundle : await build(entry, root, paths)) };
};

/** Loads the bundle of `entry`, built anew when it is stale, and runs it. */
export const runBundle = async (entry, root = projectRoot) => execute(await prepareBundle(entry, root));

const build = async (entry, root, paths) => {
  const esbuild = await import("esbuild");
  // What the bundle is made of, as it was read: an edit during the build must not pass for a part of it.
  const contents = new Map(surroundings(root).map((path) => [path, readOrUndefined(path)]));
  mkdirSync(dirname(paths.bundle), { recursive: true });
  const result = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    outfile: paths.bundle,
    alias: {
      "re2-wasm": join(here, "re2.mjs"),
      archiver: join(here, "archiver.mjs"),
      child_process: join(here, "child-process.cjs"),
    },
    // Less to read, to check and to compile; names stay, so that a stack trace can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    // The wrapper of a CommonJS module is part of the file, so that nothing has to be put together at each run.
    banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
    footer: { js: "})" },
    plugins: [{ name: "remember", setup: ({ onLoad }) => onLoad({ filter: /.*/ }, remember(contents)) }],
    logLevel: "silent",
  });
  const bundle = digested(Buffer.from(result.outputFiles[0].contents));
  const read = [...contents.keys()];
  writeAtomically(paths.bundle, bundle.bytes);
  writeAtomically(
    paths.manifest,
    JSON.stringify({
      fingerprint: fingerprint(read, (path) => contents.get(path)),
      bundle: bundle.digest,
      inputs: read.slice(surroundings(root).length),
    }),
  );
  return bundle;
};

/** Reads the project's own files for esbuild, and keeps what it read; packages are known by their lock file. */
const remember =
  (contents) =>
  ({ path }) => {
    if (path.includes(`${sep}node_modules${sep}`)) return undefined;
    contents.set(path, readFileSync(path));
    return { contents: contents.get(path), loader: "default" };
  };

/** Runs the bundle as CommonJS, with the code that V8 compiled in an earlier run where there is any. */
export const execute = ({ paths, bytes, digest }) => {
  const cachedData = readCode(paths.cache, digest);
  // esbuild writes nothing but ASCII, which is read faster when one says so.
  const script = new vm.Script(bytes.toString("latin1"), { filename: paths.bundle, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(
    module.exports,
    createRequire(paths.bundle),
    module,
    paths.bundle,
    dirname(paths.bundle),
  );
  if (cachedData === undefined || script.cachedDataRejected)
    writeAtomically(paths.cache, Buffer.concat([Buffer.from(digest), script.createCachedData()]));
};

/**
 * Compiled code stands behind the digest of its bundle: V8 itself compares nothing but the length of the source, and
 * would run the old code of a bundle in which one word became another.
 */
const readCode = (path, digest) => {
  const content = readOrUndefined(path);
  return content?.toString("latin1", 0, digest.length) === digest
    ? content.subarray(digest.length)
    : undefined;
};
