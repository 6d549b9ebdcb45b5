/** Texts that an app sends: values, flags of charts, variables, command lines, files. */
import { fieldsOf, isFields, textOf } from "../core/fields.ts";
import type { HelmValue } from "./declaration.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { Variable } from "./variables.ts";

/** One text, with where it stands. */
export interface SentText {
  readonly path: string;
  /** The name that says what it is: a key, or the `name` beside a `value`. */
  readonly name: string;
  readonly text: string;
}

/** An app as far as its texts go. */
export type Sender = Pick<
  ResolvedApp,
  "values" | "env" | "containers" | "mounts" | "parameters" | "declaration"
>;

/** Keys that say nothing of what stands under them. */
const IS_GENERIC = /^(value|values|data|stringdata|default|content)$/i;

const literals = (env: Readonly<Record<string, Variable>> = {}): Record<string, HelmValue> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, variable]) =>
      typeof variable === "string" ? [[name, variable]] : [],
    ),
  );

/** Variables, command lines and files, by the fields where they stand. */
const writtenBeside = ({
  env,
  containers,
  mounts,
  declaration: { props },
}: Sender): Record<string, HelmValue> => ({
  env: literals(env),
  command: [...(props.command ?? [])],
  args: [...(props.args ?? [])],
  containers: Object.fromEntries(
    Object.entries(containers).map(([name, { env, command = [], args = [] }]) => [
      name,
      { env: literals(env), command: [...command], args: [...args] },
    ]),
  ),
  mounts: Object.fromEntries(
    Object.entries(mounts).flatMap(([path, mount]) =>
      mount.kind === "file"
        ? [[path, mount.text ?? ""]]
        : mount.kind === "files"
          ? Object.values(mount.files).map(({ path: file, text = "" }) => [`${path}/${file}`, text])
          : [],
    ),
  ),
});

const leavesOf = (value: HelmValue, path: string, name: string): SentText[] => {
  if (Array.isArray(value)) {
    const items: readonly HelmValue[] = value;
    return items.flatMap((item, at) => [...leavesOf(item, `${path}[${at}]`, flagBefore(items, at) ?? name)]);
  }
  if (isFields(value)) {
    const fields = value as { readonly [key: string]: HelmValue };
    const named =
      typeof fields.name === "string" ? fields.name : typeof fields.key === "string" ? fields.key : undefined;
    return Object.entries(fields).flatMap(([key, item]) =>
      leavesOf(item, path ? `${path}.${key}` : key, IS_GENERIC.test(key) ? (named ?? name) : key),
    );
  }
  return typeof value === "string" || typeof value === "number" ? [{ path, name, text: String(value) }] : [];
};

/** The `--password` before `hunter2`. */
const flagBefore = (items: readonly HelmValue[], at: number): string | undefined => {
  const before = items[at - 1];
  return typeof before === "string" && /^--?[A-Za-z][\w-]*$/.test(before) ? before : undefined;
};

/** The name of what a parameter sets: its last key that says something, or the `name` beside it in the values. */
const nameAt = (values: HelmValue, parameter: string): string => {
  const keys = parameter.split(/[.[\]]+/).filter((key) => key !== "");
  const below = (value: unknown, key: string): unknown =>
    Array.isArray(value) ? value[Number(key)] : fieldsOf(value)[key];
  const beside = textOf(fieldsOf(keys.slice(0, -1).reduce<unknown>(below, values)).name);
  return beside || (keys.findLast((key) => !IS_GENERIC.test(key)) ?? "");
};

/** Every text that an app sends, numbers among them; paths of values begin at `root`. */
export const sentTexts = (app: Sender, root = ""): SentText[] => [
  ...leavesOf(app.values, root, ""),
  ...leavesOf(writtenBeside(app), "", ""),
  ...app.parameters.flatMap(({ name, value = "" }) =>
    leavesOf(value, `flags.${name}`, nameAt(app.values, name)),
  ),
];
