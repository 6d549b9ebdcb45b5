/**
 * Circles in a graph, each once, as the nodes on the way around, the first repeated at the end.
 *
 * @param before what must come before a node
 */
export const cyclesOf = <T>(nodes: readonly T[], before: (node: T) => readonly T[]): T[][] => {
  const done = new Set<T>();
  const cycles: T[][] = [];
  const visit = (node: T, way: readonly T[]): void => {
    const at = way.indexOf(node);
    if (at >= 0) {
      cycles.push([...way.slice(at), node]);
      return;
    }
    if (done.has(node)) return;
    for (const each of before(node)) visit(each, [...way, node]);
    done.add(node);
  };
  for (const node of nodes) visit(node, []);
  return cycles;
};
