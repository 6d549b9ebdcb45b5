/** Proves that an environment starts: from nothing, after two machines are lost, and after a server outside is. */

import { definersOf } from "../../../environments/recorded/definers.ts";
import { customKindsIn, kindsOf } from "../../app/dependencies.ts";
import type { ResolvedApp } from "../../app/resolved-app.ts";
import { type SecretStore, secretKind } from "../../app/secrets.ts";
import { blockedBy, comesUp, type Start } from "./graph.ts";
import { API, ARGO_CD, CNI, DNS, machine, type StartProps, thingsOf } from "./things.ts";

/** Things that must come back whatever server outside is lost. */
const GROUND = [API, CNI, DNS, ARGO_CD];

const pairs = <T>(items: readonly T[]): T[][] =>
  items.flatMap((first, at) => items.slice(at + 1).map((second) => [first, second]));

/** Why an environment does not start, a sentence each; empty when it does. */
export const startProblems = (props: StartProps): string[] => {
  const { name, nodes } = props.environment;
  const things = thingsOf(props);
  const all = [...things.keys()];
  const sentences = (when: string, wanted: readonly string[], start: Start): string[] => {
    const up = comesUp(things, start);
    const blocked = wanted.filter((each) => !up.has(each) && !start.lost?.includes(each));
    const reasons = new Set(blocked.flatMap((each) => blockedBy(things, start, each) ?? []));
    return [...reasons].map((reason) => `start order: ${name} must start ${when}: ${reason}`);
  };
  const first = sentences("from nothing", all, { isFirst: true });
  // The same circle is not told again for every loss.
  if (first.length > 0) return first;
  const controlPlanes = nodes.filter(({ role }) => role === "controlplane");
  const lostTwo = pairs(nodes)
    .filter((two) => controlPlanes.some((each) => !two.includes(each)))
    .map((two) => two.map((node) => machine(node.name)));
  const outside = all.filter((each) => each.startsWith("the server "));
  return [
    ...lostTwo.flatMap((lost) => {
      const wanted = all.filter((each) => each !== "etcd with a majority of its members");
      return sentences(`without ${lost.join(" and ")}`, wanted, { isFirst: false, lost });
    }),
    ...outside.flatMap((lost) => sentences(`without ${lost}`, GROUND, { isFirst: false, lost: [lost] })),
  ];
};

/** Custom kinds of apps that nobody in the environment defines, a line each. */
export const undefinedKinds = (
  environment: string,
  apps: readonly ResolvedApp[],
  platform: readonly string[],
  store: Pick<SecretStore, "kind">,
): string[] => {
  const defined = new Set(apps.flatMap(kindsOf));
  return apps.flatMap((app) =>
    [...new Set(customKindsIn(app, store))]
      .filter(
        (kind) =>
          !defined.has(kind) && !definersOf(environment, kind).some((each) => platform.includes(each)),
      )
      .map((kind) =>
        kind === secretKind(store) && app.secrets.length > 0
          ? `apps.${app.name}.secrets: must have an app in ${environment} that brings ${kind}, which fetches them: got ${JSON.stringify(app.secrets)}`
          : `apps.${app.name}.kinds: must be defined by an app in ${environment}; a chart without recorded facts says so in defines: got "${kind}"`,
      ),
  );
};
