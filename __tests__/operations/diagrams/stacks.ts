import fc from "fast-check";
import type { StackSource } from "../../../operations/diagrams/stack-graph.ts";

export interface StackProps {
  readonly name: string;
  /** Expressions by output name. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** Output names by the stack that they are read from. */
  readonly reads?: Readonly<Record<string, readonly string[]>>;
  readonly dependencies?: readonly string[];
}

const config = (name: string) => ({ bucket: "states", key: name });

/** A stack as cdktf writes it, as far as its edges go. */
export const stackSource = ({
  name,
  outputs = {},
  reads = {},
  dependencies = [],
}: StackProps): StackSource => ({
  name,
  dependencies,
  json: {
    terraform: { backend: { s3: config(name) } },
    output: Object.fromEntries(Object.entries(outputs).map(([output, value]) => [output, { value }])),
    data: {
      terraform_remote_state: Object.fromEntries(
        Object.keys(reads).map((from) => [`input-${from}`, { backend: "s3", config: config(from) }]),
      ),
    },
    resource: {
      kubernetes_secret_v1: Object.fromEntries(
        Object.entries(reads).map(([from, names]) => [
          from,
          { data: names.map((output) => `\${data.terraform_remote_state.input-${from}.outputs.${output}}`) },
        ]),
      ),
    },
  },
});

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/, { size: "max" });
const address = fc.stringMatching(/^[a-z_]{1,30}\.[a-z-]{1,30}\.[a-z_]{1,30}$/, { size: "max" });

/** Up to seven stacks, each of which may read any of those above it, or only wait for it. */
export const anyStacks: fc.Arbitrary<StackSource[]> = fc
  .record({
    names: fc.uniqueArray(label, { minLength: 1, maxLength: 7 }),
    addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 4 }),
    edges: fc.array(fc.constantFrom("none", "reads", "reads first", "waits"), {
      minLength: 49,
      maxLength: 49,
    }),
  })
  .map(({ names, addresses, edges }) => {
    const outputs = Object.fromEntries(addresses.map((value, index) => [`output-${index}`, `\${${value}}`]));
    return names.map((name, reader) => {
      const above = names.slice(0, reader).map((from, index) => ({ from, edge: edges[reader * 7 + index] }));
      const taken = (edge: string, count: number) =>
        above
          .filter((other) => other.edge === edge)
          .map(({ from }): [string, string[]] => [from, Object.keys(outputs).slice(0, count)]);
      return stackSource({
        name,
        outputs,
        reads: Object.fromEntries([...taken("reads", 4), ...taken("reads first", 1)]),
        dependencies: above.filter(({ edge }) => edge !== "none").map(({ from }) => from),
      });
    });
  });
