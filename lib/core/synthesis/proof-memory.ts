/** A memory of what proofs said, which `bin/synth.mjs` may give to the program; `bin/memory.mjs` says when it is believed. */
interface ProofMemory {
  remembered<Given extends readonly unknown[], Result>(
    name: string,
    prove: (...given: Given) => Result,
    ...given: Given
  ): Result;
}

/**
 * Calls `prove` unless the very same call is remembered. It must be a function of its arguments alone, which are plain
 * data, and its result must survive JSON.
 * @param name tells the proof from others
 */
export const remembered: ProofMemory["remembered"] = (name, prove, ...given) => {
  const { proofMemory } = globalThis as { readonly proofMemory?: ProofMemory };
  return proofMemory ? proofMemory.remembered(name, prove, ...given) : prove(...given);
};
