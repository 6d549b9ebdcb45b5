import { expect, test } from "vitest";
import { whoami } from "../../apps/whoami.ts";
import { essentials } from "./essentials.ts";

const common = {
  namespace: "whoami",
  source: "image traefik/whoami:v1.11.0 by the chart app-template 4.1.1",
  flows: ["traefik/traefik → whoami/whoami 80/TCP"],
};

test.each([
  ["dev", { ...common, host: "whoami.dev.truxonline.com" }],
  ["prod", { ...common, host: "whoami.truxonline.com" }],
] as const)("whoami in %s", (environment, expected) => {
  expect(essentials(whoami, environment)).toEqual(expected);
});
