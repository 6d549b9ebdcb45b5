/** Takes out of an app what looks like a secret, before anything of it is written. */
import { plainSecrets } from "../../../lib/app/plain-secrets.ts";
import { fromSecret } from "../../../lib/app/variables.ts";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../../lib/core/fields.ts";

/** The fields of an app without what the app's own rules would refuse as a literal secret. */
export const withoutPlainSecrets = (name: string, props: Fields, note: (what: string) => void): Fields => {
  const written = {
    name,
    secrets: listOf(props.secrets).map(textOf),
    parameters: [],
    declaration: { name, props },
    values: fieldsOf(props.values),
    env: fieldsOf(props.env),
    containers: fieldsOf(props.containers),
    mounts: fieldsOf(props.mounts),
  };
  const found = new Set(plainSecrets(written as unknown as Parameters<typeof plainSecrets>[0]));
  if (found.size === 0) return props;
  for (const path of found) note(`${path}: it looks like a secret in plain sight there, and is left out`);
  const fields = ["values", "env", "command", "args", "containers", "mounts"];
  return Object.fromEntries(
    Object.entries(props).map(([field, value]) =>
      fields.includes(field)
        ? [field, without(value, field === "values" ? "" : field, found)]
        : [field, value],
    ),
  );
};

const without = (value: unknown, path: string, found: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((each, at) =>
      found.has(`${path}[${at}]`) ? [] : [without(each, `${path}[${at}]`, found)],
    );
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const place = path === "" ? key : `${path}.${key}`;
      if (!found.has(place)) return [[key, without(each, place, found)]];
      return /(^|\.)env$/.test(path) && typeof each === "string" ? [[key, fromSecret(key)]] : [];
    }),
  );
};
