import { managedResources, type TerraformJson } from "./terraform-json.ts";

/** Addresses of the managed resources of each stack, as they are committed. */
export type LogicalIds = Readonly<Record<string, readonly string[]>>;

/** The addresses of stacks, sorted: what is committed. */
export const logicalIds = (stacks: ReadonlyMap<string, TerraformJson>): LogicalIds =>
  Object.fromEntries([...stacks].map(([name, stack]) => [name, addresses(stack)]));

/**
 * Lines for addresses that went away or came without being committed. Terraform destroys what has lost its address
 * and creates what has a new one, so an address may go only with a `moved` or a `removed` block.
 */
export const logicalIdProblems = (
  committed: LogicalIds,
  stacks: ReadonlyMap<string, TerraformJson>,
): string[] => {
  const gone = Object.keys(committed)
    .filter((name) => !stacks.has(name))
    .map((name) => `${name}: the stack is gone, and with it ${committed[name]?.length} resources`);
  const changed = [...stacks].flatMap(([name, stack]) => {
    const before = committed[name] ?? [];
    const now = addresses(stack);
    const released = [...(stack.moved ?? []), ...(stack.removed ?? [])].map(({ from }) => from);
    return [
      ...before
        .filter((address) => !now.includes(address) && !released.includes(address))
        .map((address) => `${name}: ${address}: is gone: Terraform would destroy it; add moved or removed`),
      ...now
        .filter((address) => !before.includes(address))
        .map(
          (address) => `${name}: ${address}: is new: commit it with npm run homelab -- logical-ids --write`,
        ),
    ];
  });
  return [...gone, ...changed];
};

const addresses = (stack: TerraformJson): string[] =>
  managedResources(stack)
    .map(({ address }) => address)
    .sort();
