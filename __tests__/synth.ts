/** Helpers of the tests: synthesize one construct, and read resources from the result. */
import { TerraformStack, Testing } from "cdktf";

export interface SynthesizedStack {
  readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly provider?: Record<string, Record<string, unknown>[]>;
  readonly variable?: Record<string, Record<string, unknown>>;
  readonly output?: Record<string, Record<string, unknown>>;
  readonly locals?: Record<string, unknown>;
}

/** Runs validations, so that a construct's refusals throw; pass a function that builds into the stack. */
export const synth = (build: (stack: TerraformStack) => void): SynthesizedStack => {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  return JSON.parse(Testing.synth(stack, true));
};

/** All resources of a type, in the order of their logical ids. */
export const resources = (stack: SynthesizedStack, type: string): Record<string, unknown>[] =>
  Object.values(stack.resource?.[type] ?? {});

/** The only resource of a type; throws when there are none or several. */
export const onlyResource = (stack: SynthesizedStack, type: string): Record<string, unknown> => {
  const found = resources(stack, type);
  if (found.length !== 1 || !found[0]) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0];
};
