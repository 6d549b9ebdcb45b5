/** Something that may differ between environments, by their names. Names that no environment has are refused. */
export type PerEnvironment<T> = Readonly<Partial<Record<string, T>>>;
