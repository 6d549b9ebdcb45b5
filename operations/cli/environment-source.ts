import type { Environment } from "../../environments/schema.ts";

/** Environments by name, each read only when it is asked for: one that is refused must not stand in another's way. */
export type EnvironmentSource = Readonly<Record<string, () => Environment>>;

/** How to read the environment of a name; throws when there is none. */
export const sourceOf = (environments: EnvironmentSource, names: readonly string[]): (() => Environment) => {
  const [name = ""] = names;
  const read = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (!read || names.length !== 1) {
    const known = Object.keys(environments).join(", ");
    throw new Error(`must name one environment, ${known}: got ${names.join(" ") || "none"}`);
  }
  return read;
};
