/** A state of etcd that is known in advance, and how one compares with another. */
import type { Etcd, StoredKey } from "./etcd.ts";
import type { Random } from "./random.ts";

/** Bytes of a value: about what an object of Kubernetes takes at the least. */
const VALUE = 150;
const SHOWN = 3;

const keyOf = (number: number): string => `/registry/drill/${String(number).padStart(7, "0")}`;

/** One value in ten is written twice, so that versions and revisions differ, and one in a hundred is deleted. */
const isRewritten = (number: number): boolean => number % 10 === 3;
const isDeleted = (number: number): boolean => number % 100 === 50;

/** Fills etcd with `count` keys and returns what must be in it. */
export const fill = async (etcd: Etcd, count: number, random: Random): Promise<Map<string, string>> => {
  const total = Math.ceil(count / 0.99);
  const numbers = Array.from({ length: total + 1 }, (_, number) => number);
  const value = () => random.bytes(VALUE).toString("base64");
  const first = numbers.map((number) => [keyOf(number), value()] as const);
  const second = numbers.filter(isRewritten).map((number) => [keyOf(number), value()] as const);
  const gone = numbers.filter(isDeleted).map(keyOf);
  await etcd.put(first);
  await etcd.put(second);
  await etcd.delete(gone);
  const state = new Map([...first, ...second]);
  for (const key of gone) state.delete(key);
  const extra = [...state.keys()].slice(count);
  await etcd.delete(extra);
  for (const key of extra) state.delete(key);
  return state;
};

/** Lists the keys whose stored values differ from the expected ones. */
export const valueDifferences = (
  expected: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, StoredKey>,
): string[] => differences(expected, found, (value, stored) => value === stored.value);

/** Lists the keys in whose value, version or revision two states differ. */
export const stateDifferences = (
  expected: ReadonlyMap<string, StoredKey>,
  found: ReadonlyMap<string, StoredKey>,
): string[] =>
  differences(
    expected,
    found,
    (a, b) =>
      a.value === b.value &&
      a.version === b.version &&
      a.createRevision === b.createRevision &&
      a.modRevision === b.modRevision,
  );

const differences = <T>(
  expected: ReadonlyMap<string, T>,
  found: ReadonlyMap<string, StoredKey>,
  isSame: (expected: T, found: StoredKey) => boolean,
): string[] => {
  const wrong: string[] = [];
  for (const [key, value] of expected) {
    const stored = found.get(key);
    if (!stored) wrong.push(`${key} is lost`);
    else if (!isSame(value, stored)) wrong.push(`${key} differs`);
  }
  for (const key of found.keys()) if (!expected.has(key)) wrong.push(`${key} was not there`);
  return wrong.length > SHOWN ? [...wrong.slice(0, SHOWN), `and ${wrong.length - SHOWN} more`] : wrong;
};
