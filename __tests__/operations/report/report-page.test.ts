import axe from "axe-core";
import { describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import { surroundingsOf } from "../../../operations/explain/surroundings.ts";
import { reportPage } from "../../../operations/report/report-page.ts";
import { hasChromium, startBrowser } from "../../chromium.ts";
import { chartsWhereTheyAreCurrent, parsed, TODAY } from "../../stacks/homelab.ts";

const around = surroundingsOf(parsed("prod"), apps, chartsWhereTheyAreCurrent);
const page = reportPage(around, TODAY);

/** The cells of a section's rows, as text. */
const rowsOf = (html: string, title: string): string[][] => {
  const section = html.split(`<h2>${title}</h2>`)[1]?.split("</section>")[0] ?? "";
  return [...section.matchAll(/<tr>(<td>.*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell = ""]) => cell),
  );
};

describe("the report of an environment", () => {
  test("lists every risk, exception and waiver, the next review first", () => {
    const { acceptedRisks, networkPolicy, waivers = [] } = around.environment;
    const rows = rowsOf(page, "Risks and exceptions, by review date");
    expect(rows.map(([, , which]) => which).sort()).toEqual(
      [
        ...acceptedRisks.map(({ id }) => id),
        ...networkPolicy.exceptions.map(({ name }) => name),
        ...waivers.map(({ rule }) => rule),
      ].sort(),
    );
    const days = rows.map(([day]) => day);
    expect(days).toEqual([...days].sort());
  });

  test("says what is overdue, and which versions have ended", () => {
    const later = reportPage(around, "2031-01-01");
    const overdue = rowsOf(later, "Risks and exceptions, by review date").map(([day]) => day);
    expect(overdue.every((day) => day?.endsWith(": overdue"))).toBe(true);
    expect(rowsOf(page, "Versions")).toContainEqual([
      "kubernetes",
      around.environment.versions.kubernetes,
      "2026-10-27: ended",
      "none known",
    ]);
    expect(rowsOf(reportPage(around, "2026-01-01"), "Versions")[1]?.[2]).toBe("2026-10-27");
  });

  test("names what crosses the edge, on which ports", () => {
    const rows = rowsOf(page, "Who reaches whom");
    expect(rows).toContainEqual([
      expect.stringMatching(/^internet/),
      expect.stringContaining("443"),
      expect.stringContaining("traefik/"),
    ]);
    expect(page).toMatch(/\d+ pods under \d+ policies; \d+ pairs of them are open/);
  });

  test("has the capacity with a node lost, the backups and each assumption", () => {
    expect(page).toMatch(/<pre>[^<]*powder/);
    const { backup } = around.environment;
    expect(rowsOf(page, "Backups").map(([what]) => what)).toEqual([
      ...(backup?.tiers ?? []).map(({ name }) => `etcd, ${name}`),
      "volumes",
    ]);
    expect(page).toContain("There is no second place.");
    const assumptions = rowsOf(page, "Assumptions, by how they are measured");
    expect(assumptions.length).toBeGreaterThanOrEqual(around.environment.assumptions.length);
  });

  test("writes texts as texts", () => {
    const hostile = { ...around.environment, name: "<b>x</b>" };
    expect(reportPage({ ...around, environment: hostile }, TODAY)).not.toContain("<b>");
  });

  test.runIf(hasChromium)(
    "is accessible, light and dark, and as wide as its screen",
    { timeout: 60_000 },
    async () => {
      const browser = await startBrowser();
      try {
        for (const colorScheme of ["light", "dark"] as const) {
          const view = await browser.open(page, { colorScheme });
          await view.setViewportSize({ width: 1240, height: 900 });
          await view.evaluate(axe.source);
          expect(
            await view.evaluate(
              "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
            ),
          ).toEqual([]);
          expect(await view.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1240);
        }
        expect(browser.errors).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );
});
