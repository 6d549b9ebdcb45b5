import { expect, test } from "vitest";
import { dev } from "../../environments/dev.ts";
import { prod } from "../../environments/prod.ts";
import { type Environment, parseEnvironments, unknowns } from "../../environments/schema.ts";
import { synthesis, TODAY } from "../stacks/homelab.ts";
import { recordReads } from "./usage.ts";

/** The texts of risks and witnesses are for people: the rules read the rest while parsing. */
const FOR_PEOPLE = /^(acceptedRisks\.|nodes\.\*\.(witnesses\.|installedOn$))/;

const unread = (change: (environment: Environment) => void = () => {}): string[] => {
  const recorded = parseEnvironments([dev, prod], { today: TODAY }).map((environment) => {
    change(environment);
    return recordReads(environment);
  });
  const environments = recorded.map(({ environment }) => environment);
  synthesis(environments);
  environments.forEach(unknowns);
  const paths = recorded.flatMap(({ unreadPaths }) => unreadPaths());
  return [...new Set(paths)].filter((path) => !FOR_PEOPLE.test(path));
};

test("every field of an environment is used by a stack or a report", () => {
  expect(unread()).toEqual([]);
});

test("a field that nothing uses is named", () => {
  const dead = unread((environment) => Object.assign(environment.loadBalancer, { poolName: "prod-pool" }));
  expect(dead).toEqual(["loadBalancer.poolName"]);
});
