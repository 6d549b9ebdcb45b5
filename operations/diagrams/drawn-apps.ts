/** Apps of an environment, as pictures of it name them. */
import type { ResolvedApp } from "../../lib/app/resolved-app.ts";

export interface DrawnApp {
  readonly name: string;
  readonly namespace: string;
  /** Load-balancer addresses that it asks for. */
  readonly addresses: readonly string[];
}

/** The apps that live in an environment, by name. */
export const drawnApps = (apps: Iterable<ResolvedApp>): DrawnApp[] =>
  [...apps]
    .map(({ name, namespace, environment, links }) => ({
      name,
      namespace,
      addresses: links.flatMap((link) =>
        link.kind === "exposed" && link.by.kind === "load-balancer"
          ? (link.by.address[environment] ?? [])
          : [],
      ),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
