import { describe, expect, test } from "vitest";
import { unknownCharts } from "../../../../environments/recorded/chart-request.ts";
import { catalogueOf } from "../../../../lib/app/catalogue.ts";
import type { AppDeclaration } from "../../../../lib/app/declaration.ts";
import type { ResolvedApp } from "../../../../lib/app/resolved-app.ts";
import type { AppSize } from "../../../../lib/app/sizes.ts";
import { roomProblems } from "../../../../lib/proofs/capacity/room.ts";
import { parsed } from "../../../stacks/homelab.ts";
import { environment, imageApp } from "../../app/lab.ts";

const dev = parsed("dev");
const home = environment({ name: "dev", nodes: dev.nodes, cluster: dev.cluster, namespaces: dev.namespaces });
const charts = unknownCharts("an app of a test");

const refused = (declarations: readonly AppDeclaration[], isSound = true): string[] => {
  const apps: ResolvedApp[] = [...catalogueOf(declarations, home).apps.values()];
  return roomProblems({ environment: dev, home, apps, charts, isSound });
};
const app = (name: string, size: AppSize, replicas = 1): AppDeclaration =>
  imageApp({ size, replicas, host: { dev: `${name}.example.org` } }, name);

describe("room", () => {
  test("what fits is not talked about", () => {
    expect(refused([app("small", "xs")])).toEqual([]);
  });

  test("an app that is too large: the environment, the size that fits, the slack, the arithmetic", () => {
    const problems = refused([app("small", "xs"), app("large", "xl", 8)]);
    const [headline, fits, left, ...table] = (problems[1] ?? "").split("\n");
    expect(problems.map((problem) => problem.split(":", 3)[2])).toEqual([
      " namespace large (xl)",
      " the quotas must fit with one node lost",
      " each pod must find a place when any one machine is lost, in whatever order pods come",
    ]);
    expect(headline).toMatch(
      /^capacity: dev: the quotas must fit with one node lost: short of \d+\w+ memory$/,
    );
    expect(fits).toMatch(/^what would fit: large with --size (xs|s|m|l)$/);
    expect(left).toMatch(/^left in quotas \(limits\): .*\b\w+ \d+m? cpu and \d+\w+ memory/);
    expect(table.some((line) => line.startsWith("= headroom"))).toBe(true);
  });

  test("the size that is named fits indeed, and the next one does not", () => {
    const sizes: AppSize[] = ["xs", "s", "m", "l", "xl"];
    const problem = refused([app("large", "xl", 8)]).join("\n");
    const named = sizes.findIndex((size) => problem.includes(`large with --size ${size}`));
    const at = (index: number) => refused([app("large", sizes[index] ?? "xl", 8)]);
    expect(at(named)).toEqual([]);
    expect(at(named + 1)).not.toEqual([]);
  });

  test("the last declared is named first, and not all that could shrink", () => {
    const names = ["a", "b", "c", "d", "e"];
    const problem = refused(names.map((name) => app(name, "xl", 2))).join("\n");
    expect(problem).toMatch(/^what would fit: (no other size|e with --size \w+)/m);
    expect(problem.match(/with --size/g)?.length ?? 0).toBeLessThanOrEqual(4);
  });

  test("where nothing single is enough, that is said", () => {
    const problem = refused([app("a", "xl", 9), app("b", "xl", 9)]).join("\n");
    expect(problem).toContain("no other size or namespace of a single app is enough");
  });

  test("of apps that are refused anyway only sums are judged", () => {
    const problem = refused([app("large", "xl", 8)], false).join("\n");
    expect(problem).not.toContain("what would fit");
    expect(problem).toContain("left in quotas");
  });
});
