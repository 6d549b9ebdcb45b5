/** Texts that an app writes beside the values of its chart. */
import type { HelmValue } from "./declaration.ts";
import type { ResolvedApp } from "./resolved-app.ts";
import type { Variable } from "./variables.ts";

const literals = (env: Readonly<Record<string, Variable>> = {}): Record<string, HelmValue> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, variable]) =>
      typeof variable === "string" ? [[name, variable]] : [],
    ),
  );

/** Variables, command lines and files, by the fields where they stand. */
export const writtenBeside = ({
  env,
  containers,
  mounts,
  declaration: { props },
}: Pick<ResolvedApp, "env" | "containers" | "mounts" | "declaration">): Record<string, HelmValue> => ({
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
      mount.kind === "file" ? [[path, mount.text ?? ""]] : [],
    ),
  ),
});
