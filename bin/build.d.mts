/** Types of `build.mjs`, for tests. */
export declare const isTold: (path: string, root?: string) => boolean;
