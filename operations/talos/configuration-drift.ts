/** Compares the configuration that a machine runs with what this project writes. Secrets are never shown. */
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { inOneForm } from "../../lib/talos/documents.ts";

/** Fields that Talos itself generates, by the part of the main document: source, Talos v1.12.4 `generate` package. */
const GENERATED: Readonly<Record<string, readonly string[]>> = {
  machine: [
    ...["type", "token", "ca", "certSANs", "kubelet", "network", "install", "features", "nodeLabels"],
    ...["registries", "sysctls", "time"],
  ],
  cluster: [
    ...["id", "secret", "controlPlane", "clusterName", "network", "token", "secretboxEncryptionSecret"],
    ...["aescbcEncryptionSecret", "ca", "aggregatorCA", "serviceAccount", "apiServer", "controllerManager"],
    ...["proxy", "scheduler", "discovery", "etcd", "extraManifests", "inlineManifests"],
    "allowSchedulingOnControlPlanes",
  ],
};

/** Fields that tell the elements of a list of objects apart. */
const KEYS = ["interface", "vlanId", "name", "network", "address", "destination", "gateway", "slot"];

/** The document of a kind; the main one has none. */
const documentLike = (documents: readonly Fields[], { kind, name }: Fields): Fields | undefined =>
  documents.find((each) => each.kind === kind && (name === undefined || each.name === name));

const keyOf = (element: unknown): string | undefined =>
  KEYS.find((key) => isFields(element) && element[key] !== undefined);

const shown = (value: unknown): string =>
  value === undefined
    ? "nothing"
    : isFields(value) || Array.isArray(value)
      ? "something else"
      : JSON.stringify(value);

/** The seconds of a duration as Go writes it: `2m` comes back as `2m0s`. */
const secondsOf = (value: unknown): number | undefined => {
  const [whole, hours, minutes, seconds] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(textOf(value)) ?? [];
  return whole ? Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0) : undefined;
};

/** A value that Terraform puts in, a passphrase for one, is not compared: a message would show what runs. */
const isSame = (wanted: unknown, found: unknown): boolean =>
  wanted === found ||
  /\$\{/.test(textOf(wanted)) ||
  (secondsOf(wanted) !== undefined && secondsOf(wanted) === secondsOf(found));

const isDeletion = (value: unknown): boolean => fieldsOf(value).$patch === "delete";

/** The part of a patch that later ones, laid over it, neither put back nor change. */
const remaining = (wanted: unknown, later: readonly unknown[]): unknown => {
  if (Array.isArray(wanted))
    return wanted.filter((element) => {
      const key = keyOf(element) ?? "";
      const like = (each: unknown) => fieldsOf(each)[key] === fieldsOf(element)[key];
      return !isDeletion(element) || !later.some((each) => listOf(each).some(like));
    });
  if (!isFields(wanted)) return wanted;
  const entries = Object.entries(wanted).map(([key, value]) => {
    const over = later.map((each) => fieldsOf(each)[key]).filter((each) => each !== undefined);
    const isReplaced = over.length > 0 && (isDeletion(value) || !(isFields(value) || Array.isArray(value)));
    return isReplaced ? [] : [[key, remaining(value, over)] as const];
  });
  return Object.fromEntries(entries.flat());
};

/** A document in messages: with its name where this project writes several of its kind. */
const placeOf = ({ kind, name }: Fields, written: readonly Fields[]): string =>
  written.some((each) => each.kind === kind && each.name !== undefined)
    ? `${textOf(kind)}[${textOf(name)}]`
    : textOf(kind);

/** Paths below `wanted` where `found` says otherwise. */
const differing = (wanted: unknown, found: unknown, path: string): string[] => {
  if (isFields(wanted)) {
    if (isDeletion(wanted))
      return found === undefined ? [] : [`${path}: must not be there: got ${shown(found)}`];
    return Object.entries(wanted).flatMap(([key, value]) =>
      differing(value, fieldsOf(found)[key], path === "" ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(wanted)) return wanted.flatMap((element) => missing(element, listOf(found), path));
  return isSame(wanted, found) ? [] : [`${path}: must be ${shown(wanted)}: got ${shown(found)}`];
};

const missing = (element: unknown, found: readonly unknown[], path: string): string[] => {
  const key = keyOf(element);
  if (key === undefined)
    return found.some((each) => JSON.stringify(each) === JSON.stringify(element))
      ? []
      : [`${path}: must hold ${shown(element)}`];
  const value = fieldsOf(element)[key];
  const same = found.find((each) => fieldsOf(each)[key] === value);
  const place = `${path}[${key}=${textOf(value) || String(value)}]`;
  if (isDeletion(element)) return same === undefined ? [] : [`${place}: must not be there`];
  return same === undefined ? [`${place}: is missing`] : differing(element, same, place);
};

/** Parts that neither Talos generates nor this project writes: somebody patched them in. */
const strangers = (running: readonly Fields[], written: readonly Fields[]): string[] =>
  running.flatMap((document) => {
    if (document.kind !== undefined)
      return documentLike(written, document)
        ? []
        : [`document ${placeOf(document, written)}: is written by nobody here`];
    return Object.entries(GENERATED).flatMap(([part, known]) =>
      Object.keys(fieldsOf(document[part]))
        .filter((key) => !known.includes(key) && !written.some((each) => key in fieldsOf(each[part])))
        .map((key) => `${part}.${key}: is written by nobody here`),
    );
  });

/**
 * Lists the fields in which a machine runs another value than the written one. Values are shown only where this
 * project writes them, and it writes no secret.
 *
 * @param running the machine's configuration as YAML, of one document or several
 * @param patches what this project lays over the configuration that Talos generates, in order
 */
export const configurationDrift = (running: string, patches: readonly string[]): string[] => {
  const [documents, written] = inOneForm(manifestObjects(running), patches.flatMap(manifestObjects));
  return [
    ...written.flatMap((patch, at) => {
      const { apiVersion: _, kind, ...whole } = patch;
      const fields = remaining(
        whole,
        written.slice(at + 1).filter((each) => each.kind === kind && each.name === patch.name),
      );
      const place = placeOf(patch, written);
      const like = documentLike(documents, patch);
      return kind !== undefined && like === undefined
        ? [`document ${place}: is missing`]
        : differing(fields, like, place);
    }),
    ...strangers(documents, written),
  ];
};
