/** The layers and their connections, read from the stacks' Terraform JSON: nothing here is written by hand. */

import { fieldsOf } from "../../lib/core/fields.ts";
import { strings, type TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";

export interface StackSource {
  readonly name: string;
  readonly json: TerraformJson;
  /** Names of the stacks that have to be deployed first. */
  readonly dependencies: readonly string[];
}

export interface StackFacts {
  readonly name: string;
  /** Bucket and key of its state. */
  readonly state: string;
  readonly providers: readonly string[];
  /** Variables that the operator sets. */
  readonly variables: readonly string[];
  /** Outputs that no stack reads: they are for the operator. */
  readonly outputs: readonly string[];
}

/** Values that the same stacks take from one other stack. */
export interface StackCrossing {
  readonly from: string;
  readonly to: readonly string[];
  /** Addresses of the values in the stack that they come from; none where only the order matters. */
  readonly values: readonly string[];
}

export interface StackGraph {
  readonly stacks: readonly StackFacts[];
  readonly crossings: readonly StackCrossing[];
}

interface Read {
  readonly from: string;
  readonly to: string;
  readonly output: string;
  readonly value: string;
}

const REMOTE_OUTPUT = /\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;
/** A value that is one reference and nothing else. */
const REFERENCE = /^\$\{([\w.[\]"-]+)\}$/;

/**
 * Reads the stacks, in the order in which they are given.
 *
 * Refused: a stack that reads another state than those above it, because data flows down only.
 */
export const stackGraph = (sources: readonly StackSource[]): StackGraph => {
  const reads = sources.flatMap((source, index) => readsOf(source, sources.slice(0, index)));
  return {
    stacks: sources.map(({ name, json }) => ({
      name,
      state: stateOf(backendOf(json)),
      providers: sortedNames(json.provider),
      variables: sortedNames(json.variable),
      outputs: sortedNames(json.output).filter(
        (output) => !reads.some((read) => read.from === name && read.output === output),
      ),
    })),
    crossings: sources.flatMap((source) => [
      ...dataFrom(source, sources, reads),
      ...orderAfter(source, sources, reads),
    ]),
  };
};

const dataFrom = (
  { name }: StackSource,
  sources: readonly StackSource[],
  reads: readonly Read[],
): StackCrossing[] => {
  const own = reads.filter(({ from }) => from === name);
  const byReaders = new Map<string, { to: string[]; values: string[] }>();
  for (const value of [...new Set(own.map((read) => read.value))].sort()) {
    const to = sources
      .map((source) => source.name)
      .filter((reader) => own.some((read) => read.to === reader && read.value === value));
    const crossing = byReaders.get(to.join()) ?? { to, values: [] };
    crossing.values.push(value);
    byReaders.set(to.join(), crossing);
  }
  return [...byReaders.values()].map((crossing) => ({ from: name, ...crossing }));
};

/** Stacks that wait for this one and read nothing of it. */
const orderAfter = (
  { name }: StackSource,
  sources: readonly StackSource[],
  reads: readonly Read[],
): StackCrossing[] => {
  const to = sources
    .filter(({ dependencies }) => dependencies.includes(name))
    .map((source) => source.name)
    .filter((waiting) => !reads.some((read) => read.from === name && read.to === waiting));
  return to.length > 0 ? [{ from: name, to, values: [] }] : [];
};

const readsOf = ({ name, json }: StackSource, above: readonly StackSource[]): Read[] =>
  strings(json)
    .flatMap(({ text }) => [...text.matchAll(REMOTE_OUTPUT)])
    .map(([reference, id = "", output = ""]) => {
      const state = stateOf(json.data?.terraform_remote_state?.[id]?.config);
      const source = above.find((candidate) => stateOf(backendOf(candidate.json)) === state);
      if (!source)
        throw new Error(`${name}: ${reference} must read the state of a stack above it: got ${state}`);
      const { value } = fieldsOf(source.json.output?.[output]);
      return { from: source.name, to: name, output, value: REFERENCE.exec(String(value))?.[1] ?? output };
    });

const backendOf = ({ terraform }: TerraformJson): unknown => fieldsOf(terraform?.backend).s3;

const stateOf = (config: unknown): string => {
  const { bucket, key } = fieldsOf(config);
  return `${bucket}/${key}`;
};

const sortedNames = (blocks: object | undefined): string[] => Object.keys(blocks ?? {}).sort();
