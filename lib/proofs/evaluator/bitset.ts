/** Sets of small integers, 32 to a word. All sets of one universe have the same number of words. */

export type Bitset = Uint32Array;

const wordsFor = (size: number): number => (size + 31) >>> 5;

export const emptySet = (size: number): Bitset => new Uint32Array(wordsFor(size));

/** Every integer below `size`. */
export const fullSet = (size: number): Bitset => {
  const set = emptySet(size).fill(0xffffffff);
  if (size % 32 !== 0) set[set.length - 1] = 0xffffffff >>> (32 - (size % 32));
  return set;
};

export const has = (set: Bitset, index: number): boolean =>
  (((set[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;

export const add = (set: Bitset, index: number): void => {
  set[index >>> 5] = (set[index >>> 5] ?? 0) | (1 << (index & 31));
};

export const remove = (set: Bitset, index: number): void => {
  set[index >>> 5] = (set[index >>> 5] ?? 0) & ~(1 << (index & 31));
};

/** Adds all of `other` to `set`. */
export const addAll = (set: Bitset, other: Bitset): void => {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) | (other[word] ?? 0);
};

/** Keeps what `other` has too. */
export const retainAll = (set: Bitset, other: Bitset): void => {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & (other[word] ?? 0);
};

/** Removes all of `other`. */
export const removeAll = (set: Bitset, other: Bitset): void => {
  for (let word = 0; word < set.length; word++) set[word] = (set[word] ?? 0) & ~(other[word] ?? 0);
};

export const isEmpty = (set: Bitset): boolean => set.every((word) => word === 0);

/** Calls back for each member, in order. */
export const forEachMember = (set: Bitset, visit: (index: number) => void): void => {
  for (let word = 0; word < set.length; word++) {
    for (let rest = set[word] ?? 0; rest !== 0; rest &= rest - 1) {
      visit((word << 5) + 31 - Math.clz32(rest & -rest));
    }
  }
};
