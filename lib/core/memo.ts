/** A function of an object that computes each result once, while the object lives. Nobody may change object or result. */
export const computedOnceOf = <K extends object, T>(compute: (object: K) => T): ((object: K) => T) => {
  const known = new WeakMap<K, { readonly result: T }>();
  return (object) => {
    const found = known.get(object) ?? { result: compute(object) };
    known.set(object, found);
    return found.result;
  };
};

/** A function of a text that computes each result once. The results are shared: nobody may change them. */
export const computedOnce = <T>(compute: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = compute(text);
    known.set(text, result);
    return result;
  };
};
