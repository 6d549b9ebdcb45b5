/** The files of a new app. */
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { codeOf } from "./code.ts";
import { identifierOf } from "./declared.ts";
import type { Essentials } from "./essentials.ts";

/** Paths in the repository. */
export const INDEX = "apps/index.ts";
export const appFile = (name: string): string => `apps/${name}.ts`;
export const testFile = (name: string): string => `__tests__/apps/${name}.test.ts`;

/** `apps/index.ts` is not as it should be. */
export class IndexError extends Error {}

/** @param notes comments above the app, a line each */
export const appText = (
  { name, props }: AppDeclaration,
  about: string | undefined,
  notes: readonly string[] = [],
): string => {
  const used = new Set(["app"]);
  const code = codeOf(props, used);
  const server = props.database?.on;
  return [
    `import { ${[...used].toSorted().join(", ")} } from "../lib/app/index.ts";`,
    ...(typeof server === "object"
      ? [`import { ${identifierOf(server.name)} } from "./${server.name}.ts";`]
      : []),
    "",
    ...(about ? [`/** ${sentence(about)} */`] : []),
    ...notes.map((note) => `// ${note}`),
    `export const ${identifierOf(name)} = app(${JSON.stringify(name)}, ${code});`,
    "",
  ].join("\n");
};

const sentence = (text: string): string => {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
};

export const testText = (name: string, essentials: ReadonlyMap<string, Essentials>): string => {
  const identifier = identifierOf(name);
  const cases = [...essentials].map(([environment, { flows, ...rest }]) =>
    literal([environment, rest, flows]),
  );
  return [
    'import { expect, test } from "vitest";',
    `import { ${identifier} } from ${JSON.stringify(`../../${appFile(name)}`)};`,
    'import { essentials } from "./essentials.ts";',
    "",
    `test.each([${cases.join(",")}] as const)("${name} in %s", (environment, expected, flows) => {`,
    `  const { flows: all, ...rest } = essentials(${identifier}, environment);`,
    "  expect(rest).toEqual(expected);",
    "  // Links that are added later are none of this test's business.",
    "  expect(all).toEqual(expect.arrayContaining([...flows]));",
    "});",
    "",
  ].join("\n");
};

/** JSON, with what is undefined. */
const literal = (value: unknown): string => {
  if (value === undefined) return "undefined";
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${literal(each)}`)
    .join(", ")} }`;
};

const LIST = /(const apps: readonly AppDeclaration\[\] = \[)([^\]]*)(\];)/;
const IMPORT = /^import .*;\n/gm;

/** The list of all apps with one more, in the order of their names. Refused: a list in another form. */
export const indexWith = (index: string, name: string): string => {
  const identifier = identifierOf(name);
  const [, before = "", inside = "", after = ""] = LIST.exec(index) ?? [];
  const imports = index.match(IMPORT);
  if (before === "" || !imports || /[/.]/.test(inside))
    throw new IndexError(
      `${INDEX}: must import each app and hold them in: const apps: readonly AppDeclaration[] = […];`,
    );
  const entries = inside
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const at = entries.findIndex((entry) => entry.toLowerCase() > identifier.toLowerCase());
  const all = entries.toSpliced(at === -1 ? entries.length : at, 0, identifier);
  const last = imports.at(-1) ?? "";
  return index
    .replace(LIST, () => `${before}${all.join(", ")}${after}`)
    .replace(last, () => `${last}import { ${identifier} } from "./${name}.ts";\n`);
};
