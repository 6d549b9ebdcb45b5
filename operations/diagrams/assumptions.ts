import { resolvePattern } from "../../environments/paths.ts";
import type { Environment, Node } from "../../environments/schema.ts";
import type { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { type DiagramBlock, stack, text } from "./block.ts";

type Assumption = Environment["assumptions"][number];

/** Marks each value that nobody has confirmed with an asterisk, and explains those that were drawn. */
export class AssumptionMarks {
  private readonly assumed: { readonly path: string; readonly assumption: Assumption }[];
  private readonly drawn = new Set<Assumption>();

  constructor(environment: Environment) {
    this.assumed = environment.assumptions.flatMap((assumption) =>
      resolvePattern(environment, assumption.path).map(({ path }) => ({ path, assumption })),
    );
  }

  /** The text, with an asterisk when one of the fields that it shows, or what holds that field, is an assumption. */
  mark(value: unknown, ...paths: string[]): string {
    const covering = this.assumed.filter((place) =>
      paths.some((path) => `${path}.`.startsWith(`${place.path}.`)),
    );
    for (const { assumption } of covering) this.drawn.add(assumption);
    return covering.length > 0 ? `${value}*` : String(value);
  }

  /** The assumptions behind the asterisks so far: why each was made, and how to find out. */
  explained(): { readonly path: string; readonly text: string }[] {
    return [...this.drawn].map(({ path, why, verify }) => ({ path, text: `${why} To find out: ${verify}` }));
  }

  /** The assumptions as a block; undefined when there are none. */
  legend(width: number): DiagramBlock | undefined {
    if (this.drawn.size === 0) return undefined;
    return stack([
      text("* assumed, nobody has confirmed it yet", "heading", width),
      ...this.explained().map(({ path, text: why }) =>
        stack([text(path, "value", width), text(why, "label", width)], 0),
      ),
    ]);
  }
}

/** A nameserver, marked when a machine that asks it does so by assumption. */
export const markNameserver = (
  address: Ipv4Address,
  nodes: readonly Node[],
  marks: AssumptionMarks,
): string =>
  marks.mark(
    address,
    ...nodes
      .filter(({ nameservers }) => nameservers.some((each) => each.equals(address)))
      .map(({ name }) => `nodes.${name}.nameservers`),
  );
