/**
 * Bundles a TypeScript entry into one file under `dist/`, and knows when that file is stale: it is fresh only if
 * every input has the very content that it was built from, under the same Node.js and the same packages.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
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

const pathsOf = (entry, root) => {
  const base = join(root, "dist", basename(entry, ".ts"));
  return {
    bundle: `${base}.cjs`,
    cache: `${base}.cache`,
    manifest: `${base}.json`,
    memory: `${base}.memory`,
    proofs: `${base}.proofs`,
  };
};

/** The manifest of a bundle whose inputs are what they were; undefined otherwise. */
const freshManifest = (path, root) => {
  const manifest = readManifest(path);
  const isFresh =
    manifest?.inputs !== undefined &&
    manifest.fingerprint === fingerprint([...surroundings(root), ...manifest.inputs], readOrUndefined);
  return isFresh ? manifest : undefined;
};

/** Where results of proofs are kept, and the digest of the code that they are of; undefined where it was never bundled. */
export const provedCode = (entry, root = projectRoot) => {
  const { manifest, proofs } = pathsOf(entry, root);
  const code = freshManifest(manifest, root)?.code;
  return code === undefined ? undefined : { proofs, code };
};

/** The bundle of `entry` (a path below `root`), built anew when it is stale. */
export const prepareBundle = async (entry, root = projectRoot) => {
  const paths = pathsOf(entry, root);
  const manifest = freshManifest(paths.manifest, root);
  const bundle = digested(readOrUndefined(paths.bundle) ?? "");
  const fresh = manifest?.bundle === bundle.digest;
  return { paths, ...(fresh ? { ...bundle, code: manifest.code } : await build(entry, root, paths)) };
};

/** Loads the bundle of `entry`, built anew when it is stale, and runs it. */
export const runBundle = async (entry, root = projectRoot) => execute(await prepareBundle(entry, root));

const build = async (entry, root, paths) => {
  // Its own process, which ends with the build, is quicker than a service with a plugin.
  process.env.ESBUILD_WORKER_THREADS = "0";
  const esbuild = await import("esbuild");
  mkdirSync(dirname(paths.bundle), { recursive: true });
  const started = Date.now();
  const result = esbuild.buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    write: false,
    metafile: true,
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
    logLevel: "silent",
  });
  const bundle = digested(Buffer.from(result.outputFiles[0].contents));
  // Packages are known by their lock file.
  const inputs = Object.keys(result.metafile.inputs)
    .map((path) => resolve(root, path))
    .filter((path) => !path.includes(`${sep}node_modules${sep}`));
  const read = [...surroundings(root), ...inputs];
  const code = fingerprint(inputs.filter((path) => !isTold(path, root)).sort(), readOrUndefined);
  const manifest = {
    fingerprint: fingerprint(read, readOrUndefined),
    bundle: bundle.digest,
    inputs,
    code,
  };
  writeAtomically(paths.bundle, bundle.bytes);
  // An edit during the build must not pass for a part of it.
  const isTouched = read.some((path) => (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) >= started);
  writeAtomically(paths.manifest, JSON.stringify(isTouched ? {} : manifest));
  return { ...bundle, code: isTouched ? `${started}` : code };
};

/**
 * Sources that proofs are told of by their arguments, and import none of (a test holds it): declarations of apps, and what
 * is called after an environment, data and recorded facts alike. All others are the code of proofs.
 */
export const isTold = (path, root = projectRoot) =>
  /^(apps\/|.*\/(dev|prod)\.(ts|json)$)/.test(relative(root, path));

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
