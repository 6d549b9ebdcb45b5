import type { IConstruct } from "constructs";
import type { Problem } from "./problem-report.ts";
import type { TerraformJson } from "./terraform-json.ts";

/** A construct that proves something at synth, and counts what it proved for the closing table. */
export interface Provable extends IConstruct {
  /** Checks that passed. */
  readonly checks: number;
  /**
   * Judges what the stacks became, by their names, before anything is written: a line for each problem. It believes
   * no construct.
   */
  problemsOf?(stacks: ReadonlyMap<string, TerraformJson>): readonly Problem[];
}

/** Checks of every construct below, itself included. */
export const provedBelow = (construct: IConstruct): number =>
  provables(construct).reduce((sum, below) => sum + below.checks, 0);

/** Every construct below that proves something, itself included. */
export const provables = (construct: IConstruct): Provable[] => construct.node.findAll().filter(isProvable);

const isProvable = (construct: IConstruct): construct is Provable =>
  typeof (construct as Partial<Provable>).checks === "number";
