import type { IConstruct } from "constructs";

/** A construct that proves something at synth, and counts what it proved for the closing table. */
export interface Provable extends IConstruct {
  /** Checks that passed. */
  readonly checks: number;
}

/** Checks of every construct below, itself included. */
export const provedBelow = (construct: IConstruct): number =>
  construct.node.findAll().reduce((sum, below) => sum + (isProvable(below) ? below.checks : 0), 0);

const isProvable = (construct: IConstruct): construct is Provable =>
  typeof (construct as Partial<Provable>).checks === "number";
