/** Checks that each output which a stack reads of another one exists there. */
import { isDeepStrictEqual } from "node:util";
import { strings, type TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { readTemplate, traversals } from "./expressions.ts";

const REMOTE_STATE = "terraform_remote_state";

/** Arguments of a backend that say where a state lies; the rest is about how to reach it. */
const PLACE = ["bucket", "key", "endpoints", "region", "path"] as const;

interface Remote {
  /** The stack whose state it is. */
  readonly producer: string;
  readonly outputs: readonly string[];
}

/** Lines for states that no stack keeps, and for outputs that the stack which keeps it does not have. */
export const crossStackProblems = (stacks: ReadonlyMap<string, TerraformJson>): string[] =>
  [...stacks].flatMap(([name, stack]) => {
    const remotes = new Map<string, Remote>();
    const problems: string[] = [];
    for (const [id, block] of Object.entries(stack.data?.[REMOTE_STATE] ?? {})) {
      const producers = [...stacks].filter(([, other]) => isStateOf(other, block));
      const [only, ...others] = producers;
      const address = `data.${REMOTE_STATE}.${id}`;
      if (!only)
        problems.push(`[${name}] ${address}: no stack keeps its state there: got ${place(block.config)}`);
      else if (others.length > 0)
        problems.push(
          `[${name}] ${address}: several stacks keep their state there: ${producers.map(([each]) => each).join(", ")}`,
        );
      else remotes.set(id, { producer: only[0], outputs: Object.keys(only[1].output ?? {}) });
    }
    return [...problems, ...unknownOutputs(name, stack, remotes)];
  });

const place = (config: unknown): string => {
  const values = (config ?? {}) as Record<string, unknown>;
  return JSON.stringify(
    Object.fromEntries(PLACE.flatMap((key) => (key in values ? [[key, values[key]]] : []))),
  );
};

/** True when the remote state is read from the place of the stack's backend. */
export const isStateOf = (stack: TerraformJson, { backend, config }: Record<string, unknown>): boolean => {
  const own = (stack.terraform?.backend as Record<string, unknown> | undefined)?.[String(backend)];
  if (!own || !config) return false;
  return PLACE.every((key) =>
    isDeepStrictEqual((own as Record<string, unknown>)[key], (config as Record<string, unknown>)[key]),
  );
};

const unknownOutputs = (
  name: string,
  { terraform: _, ...stack }: TerraformJson,
  remotes: ReadonlyMap<string, Remote>,
): string[] =>
  strings(stack).flatMap(({ path, text }) =>
    (readTemplate(text)?.expressions ?? []).flatMap(traversals).flatMap(({ root, steps }) => {
      const [type, id = "", outputs, output = ""] = steps;
      const remote = remotes.get(id);
      if (root !== "data" || type !== REMOTE_STATE || outputs !== "outputs" || !remote) return [];
      return remote.outputs.includes(output)
        ? []
        : [`[${name}] ${path}: reads an output that ${remote.producer} does not have: got ${output}`];
    }),
  );
