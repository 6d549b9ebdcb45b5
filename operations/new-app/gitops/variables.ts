/** Environment variables of a container, with what stands in ConfigMaps and annotations as text. */
import { holdsSecret } from "../../../lib/app/secret-keys.ts";
import { fromSecret, type Variable } from "../../../lib/app/variables.ts";
import { type Fields, fieldsOf, textOf } from "../../../lib/core/fields.ts";
import { fieldsIn } from "./objects.ts";

/** The objects that variables may refer to. */
export interface VariableSurroundings {
  readonly namespace: string;
  /** Annotations and labels of the pod. */
  readonly metadata: Fields;
  readonly configMap: (name: string) => Fields | undefined;
  /** Path in the secret store of a Secret; it becomes one of the app's. */
  readonly secretPath: (name: string) => string | undefined;
  /** Notes what is not carried over. */
  readonly note: (what: string) => void;
}

export interface Variables {
  readonly env: Readonly<Record<string, Variable>>;
  /** Those that Kubernetes fills in, which stand in the chart's values. */
  readonly filled: Fields;
}

const ANNOTATION = /^metadata\.(annotations|labels)\['([^']+)'\]$/;

export const variablesOf = (container: Fields, around: VariableSurroundings): Variables => {
  const from = fieldsIn(container.envFrom).flatMap((each) => sourceVariables(each, around));
  const all = new Map([...from, ...fieldsIn(container.env).flatMap((each) => variable(each, around))]);
  return {
    env: Object.fromEntries([...all].filter(([, value]) => !isFilled(value))) as Record<string, Variable>,
    filled: Object.fromEntries([...all].filter(([, value]) => isFilled(value))),
  };
};

type Entry = readonly [string, Variable | Fields];
const isFilled = (value: Variable | Fields): boolean => typeof value === "object" && "valueFrom" in value;

const sourceVariables = (
  { configMapRef, secretRef, prefix }: Fields,
  around: VariableSurroundings,
): Entry[] => {
  if (secretRef !== undefined) {
    const name = textOf(fieldsOf(secretRef).name);
    if (around.secretPath(name) === undefined)
      around.note(`variables of Secret ${name}: no InfisicalSecret makes it`);
    if (prefix !== undefined) around.note(`prefix ${textOf(prefix)} of the variables of Secret ${name}`);
    return [];
  }
  const name = textOf(fieldsOf(configMapRef).name);
  const data = around.configMap(name);
  if (data === undefined) around.note(`variables of ConfigMap ${name}: it is not there`);
  return Object.entries(data ?? {}).map(([key, value]) =>
    literal(`${textOf(prefix)}${key}`, textOf(value), around),
  );
};

/** A text that looks like a secret by its name never gets into the file. */
const literal = (name: string, text: string, { note }: VariableSurroundings): Entry => {
  if (text === "" || !holdsSecret(name)) return [name, text];
  note(`variable ${name}: it stands in plain sight there: put it into the secret store under that name`);
  return [name, fromSecret(name)];
};

const variable = ({ name: given, value, valueFrom }: Fields, around: VariableSurroundings): Entry[] => {
  const name = textOf(given);
  if (valueFrom === undefined) return [literal(name, value === undefined ? "" : String(value), around)];
  const { secretKeyRef, configMapKeyRef, fieldRef } = fieldsOf(valueFrom);
  if (secretKeyRef !== undefined) return secretVariable(name, fieldsOf(secretKeyRef), around);
  if (configMapKeyRef !== undefined) {
    const { name: map, key } = fieldsOf(configMapKeyRef);
    const text = around.configMap(textOf(map))?.[textOf(key)];
    if (text !== undefined) return [literal(name, textOf(text), around)];
    around.note(`variable ${name}: ConfigMap ${textOf(map)} is not there`);
    return [];
  }
  const path = textOf(fieldsOf(fieldRef).fieldPath);
  const [, kind = "", key = ""] = ANNOTATION.exec(path) ?? [];
  if (kind !== "") {
    const text = fieldsOf(around.metadata[kind])[key];
    return text === undefined ? [] : [literal(name, textOf(text), around)];
  }
  return path === "metadata.namespace" ? [[name, around.namespace]] : [[name, { valueFrom }]];
};

const secretVariable = (
  name: string,
  { name: secret, key }: Fields,
  around: VariableSurroundings,
): Entry[] => {
  const path = around.secretPath(textOf(secret));
  if (path !== undefined) return [[name, fromSecret(textOf(key), path)]];
  around.note(`variable ${name}: no InfisicalSecret makes Secret ${textOf(secret)}: say its path`);
  return [];
};
