import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulationOutcome } from "../../../labs/simulate/simulation.ts";
import { timelinePage } from "../../../labs/simulate/timeline-page.ts";
import { type Browser, hasChromium, startBrowser } from "../../chromium.ts";

const hostile = '</title><script>document.title="taken"</script>';
const outcome: SimulationOutcome = {
  timeline: [
    { at: 2, pod: "media/frigate-1", state: "made", text: "media/frigate-1: made" },
    { at: 4, pod: "media/frigate-1", state: "ready", text: "media/frigate-1: ready on pearl" },
    { at: 3, pod: "auth/web-1", state: "pending", text: `auth/web-1: pending: ${hostile}` },
    { at: 10, text: "pearl: lost" },
    { at: 12, pod: "media/frigate-1", state: "gone", text: "media/frigate-1: gone" },
  ],
  ...{ pods: 1, ready: 0, problems: [`auth/web does not start: ${hostile}`], notes: ["not run: volumes"] },
  pending: [{ pod: "auth/web-1", priorityClass: "vixens-high", why: "no room" }],
};
const page = timelinePage("prod", outcome);

test("the page names nothing outside, and runs no script", () => {
  expect(page).not.toMatch(/<script|(src|href)=|url\(|@import/);
  expect(page).toContain("default-src 'none'; style-src 'sha256-");
});

test("without problems it says that it passes", () => {
  expect(timelinePage("dev", { ...outcome, problems: [] })).toContain('<p id="verdict">passes</p>');
});

describe.runIf(hasChromium)("in a browser", () => {
  let browser: Browser;
  let shown: Page;
  beforeAll(async () => {
    browser = await startBrowser();
    shown = await browser.open(page);
  });
  afterAll(() => browser.close());

  test("a row for each pod, by name, with a bar for each state until it is gone", async () => {
    const rows = shown.locator("svg g");
    expect(await rows.locator("text").allTextContents()).toEqual(["auth/web-1", "media/frigate-1"]);
    const bars = rows.nth(1).locator("rect");
    expect(await bars.evaluateAll((all) => all.map((bar) => bar.getAttribute("class")))).toEqual([
      "made",
      "ready",
    ]);
    const width = async (at: number) => (await bars.nth(at).boundingBox())?.width ?? 0;
    // Two seconds made, eight seconds ready.
    expect((await width(1)) / (await width(0))).toBeCloseTo(4, 1);
  });

  test("colours, which the policy of the page lets through, and what happened", async () => {
    const colour = (selector: string) =>
      shown.evaluate<string>(`getComputedStyle(document.querySelector("${selector}")).fill`);
    expect(await colour("rect.ready")).toBe("rgb(43, 138, 62)");
    expect(await colour("rect.pending")).not.toBe(await colour("rect.ready"));
    expect(await shown.locator("line.event").count()).toBe(1);
    expect(await shown.locator("svg").textContent()).toContain("pearl: lost");
  });

  test("what a pod or the API says stays text, and nothing is asked for", async () => {
    expect(await shown.title()).toBe("prod, simulated");
    expect(await shown.locator("li").allTextContents()).toEqual([
      `auth/web does not start: ${hostile}`,
      "waits: auth/web-1 (vixens-high): no room",
      "not run: volumes",
    ]);
    expect(browser.requests.every((url) => url.startsWith("file:"))).toBe(true);
    expect(browser.errors).toEqual([]);
  });
});
