/** Apps refer to each other by what app() made, by name, or by a function; circles and waits without an end are refused. */
import { describe, expect, test } from "vitest";
import type { AppDeclaration } from "../../../lib/app/declaration.ts";
import { reachedBy, uses } from "../../../lib/app/links.ts";
import { Port } from "../../../lib/network/port.ts";
import { chartApp, imageApp, problems, resolved } from "./lab.ts";

const circle = (...ways: readonly [string, string, string]) =>
  `apps: must not depend on each other in a circle: got ${[...ways, ways[0]].join(" → ")}`;

describe("an app is meant", () => {
  const back = imageApp({}, "backend");
  test.each<[string, Parameters<typeof uses>[0]]>([
    ["as it is", back],
    ["by its name", "backend"],
    ["by a function", () => back],
  ])("%s", (_, reference) => {
    const front = imageApp({ network: [uses(reference)], dependsOn: [reference] }, "front");
    const { links, dependencies } = resolved(front, [back]);
    expect(dependencies).toEqual([back]);
    expect(links.filter((link) => link.kind === "uses" && link.app === back)).toHaveLength(1);
  });

  test("and not another of a name that is nearly the same", () => {
    expect(problems([back, imageApp({ dependsOn: ["backedn"], network: [uses("backedn")] })])).toEqual([
      'apps.web.dependsOn[0]: must be the name of an app; did you mean backend?: got "backedn"',
      'apps.web.network[0].app: must be the name of an app; did you mean backend?: got "backedn"',
    ]);
  });

  test("where an environment lays it over, too", () => {
    const network = [reachedBy("nobody", Port.tcp(80))];
    expect(problems([imageApp({ override: { prod: { network } } })])).toEqual([
      expect.stringContaining("apps.web.override.prod.network[0].from: must be the name of an app"),
    ]);
  });

  test("and found though it is refused itself", () => {
    const lines = problems([imageApp({ size: "huge" }, "backend"), imageApp({ dependsOn: ["backend"] })]);
    expect(lines).toEqual([expect.stringContaining("apps.backend.size")]);
  });
});

describe("a circle of three is printed", () => {
  test("by names", () => {
    const three = [
      imageApp({ network: [uses("b")] }, "a"),
      imageApp({ network: [uses("c")] }, "b"),
      imageApp({ dependsOn: ["a"] }, "c"),
    ];
    expect(problems(three)).toEqual([circle("a", "b", "c")]);
  });

  test("by functions of files that import each other", () => {
    const a: AppDeclaration = imageApp({ network: [uses(() => b)] }, "a");
    const b: AppDeclaration = imageApp({ network: [uses(() => c)] }, "b");
    const c: AppDeclaration = imageApp({ network: [uses(() => a)] }, "c");
    expect(problems([a, b, c])).toEqual([circle("a", "b", "c")]);
  });
});

describe("what makes no sense in time", () => {
  const operator = (changes: object) =>
    chartApp({
      chart: { repository: "https://charts.example.org", name: "secrets-operator", version: "0.10.26" },
      ...changes,
    });
  const needy = imageApp({ secrets: ["/apps/web"] });

  test("the secrets' operator after an app that needs secrets", () => {
    const lines = problems([operator({ dependsOn: ["web"] }), needy]);
    expect(lines).toContain("apps: must not depend on each other in a circle: got charted → web → charted");
  });

  test("the secrets' operator with secrets of its own", () => {
    expect(problems([operator({ secrets: ["/apps/charted"] })])).toContainEqual(
      expect.stringContaining("apps.charted.secrets: must be none: it fetches those of all apps"),
    );
  });

  test("the gateway after an app behind it, at whatever distance", () => {
    const gateway = chartApp(
      { dependsOn: ["plain"], host: undefined, environments: ["prod"], isolated: "a test" },
      "traefik",
    );
    const plain = imageApp({ host: undefined, environments: ["prod"], network: [uses("web")] }, "plain");
    expect(problems([gateway, plain, imageApp()])).toEqual([
      expect.stringMatching(
        /apps\.traefik\.dependsOn: must not come after an app behind it.*traefik → plain → web/,
      ),
    ]);
  });
});
