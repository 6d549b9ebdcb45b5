/** Puts an error into words; with `DEBUG_STACK_TRACE`, one that nobody foresaw is returned as it is. */
export declare const told: (error: unknown) => unknown;
