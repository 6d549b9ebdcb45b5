/**
 * Remembers a synthesis: what it said, by everything that it reads. The program is a pure function of its bundle, which
 * holds every source, every environment and every recorded fact; of files beside apps, which become ConfigMaps; of the day,
 * against which review dates are read; and of a few variables. When none of them changed and the files that it wrote are still what it wrote, it need not run again.
 *
 * Nothing is believed that does not add up: an entry stands under its own digest, and each file is compared by its digest.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const VARIABLES = /^(CDKTF|SYNTH_|DEBUG|TF_|TZ$|NODE_OPTIONS$)/;

const digest = (value) => createHash("sha256").update(value).digest("hex");

const readOrUndefined = (path) => {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
};

/** Files below `apps/` that are not of the bundle, each with its digest. */
const besideApps = () => {
  const entries = existsSync("apps") ? readdirSync("apps", { recursive: true, withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path, digest(readFileSync(path))]);
};

/**
 * Names all that a synthesis reads.
 * @param bundle digest of the program
 * @param surroundings variables, day and runtime; a test changes each in turn
 */
export const keyOf = (
  bundle,
  {
    variables = process.env,
    day = new Date().toISOString().slice(0, 10),
    node = process.version,
    outdir,
  } = {},
) => {
  const told = Object.entries(variables)
    .filter(([name]) => VARIABLES.test(name))
    .sort();
  return digest(
    JSON.stringify([
      ...[bundle, told, day, node, resolve(outdir), digest(readOrUndefined("cdktf.json") ?? "")],
      besideApps(),
    ]),
  );
};

/** The files of a synthesis, each with its digest; undefined where there is none. */
const filesOf = (outdir) => {
  try {
    const stacks = readdirSync(join(outdir, "stacks")).sort();
    const files = ["manifest.json", ...stacks.map((name) => join("stacks", name, "cdk.tf.json"))];
    return files.map((file) => [file, digest(readFileSync(join(outdir, file)))]);
  } catch {
    return undefined;
  }
};

const seal = ({ key, report, files }) => digest(JSON.stringify([key, report, files]));

/** The report of the synthesis of this key; undefined when it must run. */
export const recall = (place, key, outdir) => {
  try {
    const entry = JSON.parse(readFileSync(place, "utf8"));
    const holds =
      entry.key === key &&
      entry.seal === seal(entry) &&
      JSON.stringify(entry.files) === JSON.stringify(filesOf(outdir));
    return holds ? entry.report : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps what a synthesis said that went well. */
export const keep = (place, key, report, outdir) => {
  const files = filesOf(outdir);
  if (files === undefined) return;
  const entry = { key, report, files };
  write(place, { ...entry, seal: seal(entry) });
};

const write = (place, value) => {
  mkdirSync(dirname(place), { recursive: true });
  const temporary = `${place}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(value));
  renameSync(temporary, place);
};

/** Results that are kept beside those of the last run: a change that is taken back proves nothing anew. */
const MOST_RESULTS = 1000;

/** Arguments of a proof as a text; refuses what JSON would leave out. */
const textOf = (given) =>
  JSON.stringify(given, (key, value) => {
    const isHidden =
      typeof value === "object" &&
      value !== null &&
      ![Object, Array].includes(value.constructor) &&
      Object.keys(value).length === 0;
    if (["function", "symbol"].includes(typeof value) || isHidden)
      throw new TypeError(`a proof's arguments must be plain data: ${key} is a ${value.constructor?.name}`);
    return value === undefined ? "\0undefined" : value;
  });

const sealOfResult = (key, result) => digest(JSON.stringify([key, result]));

const readResults = (place) => {
  try {
    return Object.entries(JSON.parse(readFileSync(place, "utf8")));
  } catch {
    return [];
  }
};

/**
 * Remembers what single proofs said. A proof is a function of its arguments and of its code: both are in the key, and
 * `remembered` calls the proof with the very arguments that it digests.
 * @param code digest of the sources, see `prepareBundle`
 * @param isRead false proves everything, and keeps it
 */
export const proofMemory = (place, code, isRead = true) => {
  const known = new Map(isRead ? readResults(place) : []);
  const used = new Map();
  return {
    remembered: (name, prove, ...given) => {
      const key = digest(`${code} ${process.version} ${name} ${textOf(given)}`);
      const entry = used.get(key) ?? known.get(key);
      const holds = entry?.seal !== undefined && entry.seal === sealOfResult(key, entry.result);
      const result = holds ? entry.result : prove(...given);
      used.set(key, holds ? entry : { result, seal: sealOfResult(key, result) });
      return result;
    },
    /** Writes the results, those of this run first. */
    close: () => {
      if ([...used.keys()].every((key) => known.get(key) === used.get(key))) return;
      write(place, Object.fromEntries([...new Map([...used, ...known].slice(0, MOST_RESULTS))]));
    },
  };
};
