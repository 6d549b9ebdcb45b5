/** The compiler asserts what does not compile: an unused `@ts-expect-error` fails the type check. */
import { expect, test } from "vitest";
import { app, environmentsOf } from "../../../lib/app/declaration.ts";

const image = "example/web:v1.0.0";
const chart = { repository: "https://charts.example.org", name: "web", version: "1.2.3" };
const places = { priorityClassName: [], resources: [], replicas: [] };
const host = { prod: "web.example.org" };

test("forgetting something essential does not compile", () => {
  const incomplete = [
    // @ts-expect-error no size
    app("web", { image, port: 80, host }),
    // @ts-expect-error no place to live
    app("web", { image, port: 80, size: "xs" }),
    // @ts-expect-error no port, and not "none"
    app("web", { image, host, size: "xs" }),
    // @ts-expect-error a host needs a port
    app("web", { image, port: "none", host, size: "xs" }),
    // @ts-expect-error no source
    app("web", { port: 80, host, size: "xs" }),
    // @ts-expect-error two sources
    app("web", { image, chart, places, port: 80, host, size: "xs" }),
    // @ts-expect-error a chart does not say where it takes resources
    app("web", { chart, port: 80, host, size: "xs" }),
    // @ts-expect-error a size that there is not
    app("web", { image, port: 80, host, size: "huge" }),
    // @ts-expect-error a misspelt field
    app("web", { image, port: 80, host, size: "xs", secret: ["/apps/web"] }),
  ];
  expect(incomplete).toHaveLength(9);
});

test("an app lives where it has a host, or where it says", () => {
  expect(environmentsOf(app("web", { image, port: 80, host, size: "xs" }))).toEqual(["prod"]);
  const worker = app("worker", { image, port: "none", environments: ["dev", "prod"], size: "xs" });
  expect(environmentsOf(worker)).toEqual(["dev", "prod"]);
});
