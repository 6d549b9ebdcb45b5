/** Types of `memory.mjs`, for its test. */
export declare const keyOf: (
  bundle: string,
  surroundings: {
    readonly variables?: Readonly<Record<string, string | undefined>>;
    readonly day?: string;
    readonly node?: string;
    readonly outdir: string;
  },
) => string;
export declare const recall: (place: string, key: string, outdir: string) => string | undefined;
export declare const keep: (place: string, key: string, report: string, outdir: string) => void;
export declare const proofMemory: (
  place: string,
  code: string,
  isRead?: boolean,
) => {
  remembered<Given extends readonly unknown[], Result>(
    name: string,
    prove: (...given: Given) => Result,
    ...given: Given
  ): Result;
  close(): void;
};
