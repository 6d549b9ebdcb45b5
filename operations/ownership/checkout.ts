/** A checkout of a Git repository, read and never written; nothing outside of it is read. */

import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { parseAllDocuments } from "yaml";
import { type Fields, isFields } from "../../lib/core/fields.ts";
import { UsageError } from "../../lib/core/usage-error.ts";

/** A file that cannot be read as what it has to be. */
export class UnreadableError extends UsageError {}

const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

export class Checkout {
  private readonly root: string;
  private readonly read = new Map<string, readonly Fields[]>();

  constructor(directory: string) {
    this.root = realpathSync(directory);
  }

  /** The path that `relative` means in `directory`; undefined when it leads out of the checkout. */
  resolve(directory: string, relative: string): string | undefined {
    const path = posix.normalize(posix.join(directory, relative)).replace(/\/$/, "");
    if (path === ".." || path.startsWith("../") || posix.isAbsolute(relative)) return undefined;
    return this.isInside(path) ? path : undefined;
  }

  isFile(path: string): boolean {
    return statSync(this.full(path), { throwIfNoEntry: false })?.isFile() ?? false;
  }

  isDirectory(path: string): boolean {
    return statSync(this.full(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /** Names in a directory, in the order of their letters. */
  list(directory: string): string[] {
    return readdirSync(this.full(directory)).sort();
  }

  /** Path of the directory's kustomization. */
  kustomization(directory: string): string | undefined {
    return KUSTOMIZATION_FILES.map((name) => posix.join(directory, name)).find((path) => this.isFile(path));
  }

  text(path: string): string {
    return readFileSync(this.full(path), "utf8");
  }

  /**
   * The objects of a file, of however many documents, those of a List one by one.
   *
   * Refused: what is no YAML, and a document that is no object.
   */
  documents(path: string): readonly Fields[] {
    const before = this.read.get(path);
    if (before) return before;
    const documents = documentsOf(this.text(path), path);
    this.read.set(path, documents);
    return documents;
  }

  private full(path: string): string {
    return join(this.root, path);
  }

  private isInside(path: string): boolean {
    const full = this.full(path);
    if (!existsSync(full)) return true;
    const real = realpathSync(full);
    return real === this.root || real.startsWith(this.root + sep);
  }
}

/** The documents in a text, without empty ones; `from` is named in what is refused. */
export const valuesOf = (text: string, from: string): readonly unknown[] =>
  parseAllDocuments(text, { merge: true, logLevel: "silent" }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new UnreadableError(`${from}: must be YAML: ${error.message.split("\n")[0]}`);
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });

/** The objects in a text; `from` is named in what is refused. */
export const documentsOf = (text: string, from: string): readonly Fields[] =>
  valuesOf(text, from).flatMap((value) => {
    if (!isFields(value))
      throw new UnreadableError(
        `${from}: must hold objects only: got ${Array.isArray(value) ? "a list" : JSON.stringify(value)}`,
      );
    return value.kind === "List" && Array.isArray(value.items) ? value.items.filter(isFields) : [value];
  });
