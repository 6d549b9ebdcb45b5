/** Layers in the order in which they depend on each other, each a stack: what lives and changes together. */
export const LAYERS = ["backup", "cluster", "platform", "apps"] as const;

/** One layer, with a state of its own. */
export type Layer = (typeof LAYERS)[number];
