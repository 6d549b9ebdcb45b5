import { expect, test } from "vitest";
import { type AppDeclaration, app, environmentsOf, hostIn, livesIn } from "../../../lib/app/declaration.ts";

const withHost = (host: string | { dev: string }): AppDeclaration =>
  app("a", { image: "a/a:1", port: 80, size: "xs", host });

test.each([
  ["short", "a", "a.example.org"],
  ["with the domain's place", "a.b.{domain}", "a.b.example.org"],
  ["in full", "a.example.org", "a.example.org"],
])("a host %s", (_, host, full) => {
  expect(hostIn(withHost(host), "dev", "example.org")).toBe(full);
  expect(hostIn(withHost({ dev: host }), "dev", "example.org")).toBe(full);
  expect(hostIn(withHost({ dev: host }), "prod", "example.org")).toBeUndefined();
});

test("a host for all environments lives in all, one by environment only there", () => {
  expect(environmentsOf(withHost("a"), ["dev", "prod"])).toEqual(["dev", "prod"]);
  expect(livesIn(withHost("a"), "prod")).toBe(true);
  expect(livesIn(withHost({ dev: "a" }), "prod")).toBe(false);
});
