import { createHash } from "node:crypto";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { MatrixData } from "../../../operations/reach/matrix-data.ts";
import { matrixPage, pageOf } from "../../../operations/reach/matrix-page.ts";
import { screenshotProblems } from "../../../operations/reach/screenshots.ts";
import { type Browser, hasChromium, startBrowser } from "../../chromium.ts";
import { allow, ccnp, defaultDeny, networkOf, pods, tcp } from "./lab.ts";

const named = (name: string) => pods("shop", { "app.kubernetes.io/name": name });
const page = matrixPage(
  networkOf({
    policies: [
      defaultDeny,
      allow("shop-db", named("web"), named("db"), tcp(5432)),
      ccnp("half", { endpointSelector: named("web"), egress: [{ toEntities: ["all"], toPorts: tcp(5433) }] }),
    ],
    namespaces: { media: {} },
  }),
);

const hostile = '</script><img src=x onerror="document.title=1">&\'`';
const hostileData: MatrixData = {
  environment: hostile,
  groups: [hostile, "quiet"],
  identities: [
    [`${hostile}/pod`, 0, 0],
    ["quiet/pod", 1, 0],
  ],
  ports: [hostile],
  reasons: [["a", hostile, hostile]],
  rows: [[0, 1]],
  egress: [[0]],
  ingress: [[0]],
  notes: [hostile],
};

describe("the page as text", () => {
  test("names nothing outside", () => {
    const namespaceOfSvg = "http://www.w3.org/2000/svg";
    expect(page.replace(namespaceOfSvg, "")).not.toMatch(/(src|href)=|url\(|@import|https?:/);
  });

  test("allows its own script and style only, by their hashes", () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? "";
    const between = (open: string, close: string) => page.split(open)[1]?.split(close)[0] ?? "";
    const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash(between("<style>", "</style>"))}; ` +
        `script-src ${hash(between('<script type="module">', "</script>"))}`,
    );
  });

  test("escapes what it is given", () => {
    const text = pageOf(hostileData);
    expect(text).not.toContain("<img");
    expect(text).toContain(
      "&lt;/script&gt;&lt;img src=x onerror=&quot;document.title=1&quot;&gt;&amp;&apos;",
    );
    expect(text.match(/<\/script>/g)).toHaveLength(2);
  });
});

/** As many apps as the page must carry, each of which reaches its neighbour, the resolver and nothing else. */
const APPS = 1000;
const manyApps = (): MatrixData => {
  const classes = Array.from({ length: APPS + 1 }, (_, index) => index);
  const only = (peers: readonly number[]) =>
    classes.map((peer) => (peers.includes(peer) ? 1 : 0)).flatMap((reason) => [reason, 1]);
  const rows = [
    ...classes.map((index) => only([(index + 1) % APPS, APPS])),
    ...classes.map((index) => only([(index + APPS - 1) % APPS])),
    [1, APPS + 1],
  ];
  return {
    environment: "large",
    groups: ["apps", "kube-system"],
    identities: classes.map((index) =>
      index === APPS ? ["kube-system/kube-dns", 1, index] : [`apps/app-${index}`, 0, index],
    ),
    ports: ["53/UDP"],
    reasons: [
      ["d", "nothing allows it", ""],
      ["a", "allowed by policy neighbours", ""],
    ],
    rows,
    egress: [classes],
    ingress: [classes.map((index) => (index === APPS ? 2 * (APPS + 1) : APPS + 1 + index))],
    notes: [],
  };
};

test("the pictures in the documentation are of this page", () => {
  expect(screenshotProblems("docs/network")).toEqual([]);
  expect(screenshotProblems("docs/runbooks")).toEqual([
    ...["1280", "820", "390"].map((width) => `docs/runbooks/reachability-${width}.png: is missing`),
    "docs/runbooks/reachability.json: the page has changed since the pictures were taken",
  ]);
});

describe.runIf(hasChromium)("the page in Chromium", () => {
  let browser: Browser;
  let view: Page;

  const cell = (label: string) => view.locator(`.cell[aria-label^="${label}:"]`);
  const rows = () => view.locator("#grid .name").allTextContents();
  const columns = () => view.locator("#grid .column").allTextContents();
  const reason = () => view.locator("#reason").innerText();
  const focused = () => view.evaluate("document.activeElement.getAttribute('aria-label')");
  const violations = async () => {
    await view.evaluate(axe.source);
    return view.evaluate(
      "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
    );
  };

  beforeAll(async () => {
    browser = await startBrowser();
  }, 60_000);

  beforeEach(async () => {
    view = await browser.open(page);
    await view.setViewportSize({ width: 1280, height: 800 });
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("opens on what is open on any port, by app, and folds who is closed to all", async () => {
    expect(await view.locator("#port").inputValue()).toBe("-1");
    expect(await rows()).toContain("shop/web");
    expect(await rows()).not.toContain("media/any-app");
    expect(await columns()).toContain("shop/db");
    expect(await cell("shop/web to shop/db").getAttribute("aria-label")).toBe(
      "shop/web to shop/db: open on 5432/TCP",
    );
    expect(await view.locator("#shown").innerText()).toMatch(
      /^\d+ open pairs of \d+ sources.*Left out: .*node.*every pod/,
    );
    await view.check("#all");
    expect(await rows()).toEqual(expect.arrayContaining(["media/any-app", "shop/db"]));
    expect(await cell("media/any-app to shop/db").innerText()).toBe("·");
  });

  test("finds by name, by port and by reason", async () => {
    await view.fill("#find", "shop/ 5432");
    expect(await columns()).toEqual(["shop/db"]);
    await view.fill("#find", "HALF is");
    expect(await columns()).not.toContain("shop/db");
    await view.fill("#find", "shop-db is");
    expect(await columns()).toEqual(["shop/db"]);
    await view.fill("#find", "nobody");
    expect(await view.locator("#shown").innerText()).toContain(
      "Nothing open has such a name, port or reason.",
    );
  });

  test("filters sources and targets by name, and by port", async () => {
    await view.check("#all");
    await view.fill("#from", "MED");
    expect(await rows()).toEqual(["media/any-app"]);
    await view.fill("#to", "shop db");
    expect(await columns()).toEqual(["shop/db"]);
    await view.uncheck("#all");
    await view.fill("#from", "");
    await view.selectOption("#port", { label: "5433/TCP" });
    expect(await rows()).not.toContain("shop/web");
    await view.selectOption("#port", { label: "5432/TCP" });
    expect(await rows()).toContain("shop/web");
  });

  test("explains the flow that is clicked, on both sides, and goes on doing so", async () => {
    await cell("shop/web to shop/db").click();
    const text = await reason();
    expect(text).toMatch(/shop\/web → shop\/db\s+● open, 5432\/TCP\s+egress of shop\/web: allowed by/);
    expect(text).toContain("What shop-db is for.");
    await view.locator("#grid .name").first().hover();
    expect(await reason()).toBe(text);
  });

  test("is walked with the keyboard alone", async () => {
    await view.check("#all");
    await view.fill("#find", "");
    await view.fill("#from", "shop/");
    await view.fill("#to", "shop/");
    await view.locator('.cell[tabindex="0"]').focus();
    expect(await focused()).toMatch(/^shop\/any-app to shop\/any-app: closed/);
    for (const key of ["ArrowDown", "End", "Home", "ArrowDown", "ArrowRight"]) await view.keyboard.press(key);
    expect(await focused()).toBe("shop/web to shop/db: open on 5432/TCP");
    expect(await reason()).toContain("● open, 5432/TCP");
    expect(await view.locator('.cell[tabindex="0"]').count()).toBe(1);
  });

  test("keeps what is shown in the address", async () => {
    await view.fill("#find", "db");
    await cell("shop/web to shop/db").click();
    const address = view.url();
    await view.goto("about:blank");
    await view.goto(address);
    expect(await view.inputValue("#find")).toBe("db");
    expect(await reason()).toContain("shop/web → shop/db");
  });

  test("shows one app's neighbours, as a picture and as a list", async () => {
    await view.click("#app-tab");
    await view.selectOption("#app", "shop/web");
    const lists = await view.locator("#neighbours .lists").innerText();
    expect(lists).toMatch(/shop\/db\s+5432\/TCP/);
    expect(await view.locator(".graph").getAttribute("aria-label")).toMatch(
      /^shop\/web: reached by \d+, reaches \d+$/,
    );
    await view.locator(".graph .node", { hasText: "shop/db" }).click();
    expect(await view.inputValue("#app")).toBe("shop/db");
    await view.locator(".flow", { hasText: "shop/web" }).click();
    expect(await reason()).toContain("shop/web → shop/db");
  });

  test("lists what changed against another synthesis", async () => {
    expect(await view.locator("#changes-tab").isVisible()).toBe(false);
    const flow = {
      from: ["media/a"],
      to: ["shop/db"],
      ports: ["5432/TCP"],
      by: ["egress: allowed by new-rule"],
    };
    view = await browser.open(
      pageOf({
        ...hostileData,
        changes: [
          { change: "opened", ...flow },
          { change: "closed", ...flow, ports: ["80/TCP"] },
        ],
      }),
    );
    await view.click("#changes-tab");
    expect(await view.locator("#change-list").innerText()).toMatch(
      /2 of 2 changes.*\s+opened\s+media\/a → shop\/db\s+on 5432\/TCP\s+egress: allowed by new-rule/,
    );
    await view.fill("#find", "80/TCP");
    expect(await view.locator("#change-list").innerText()).toContain("1 of 2 changes");
  });

  test("on a phone is a list per app, and nothing is wider than the screen", async () => {
    await view.setViewportSize({ width: 390, height: 844 });
    expect(await view.locator("#grid").isVisible()).toBe(false);
    expect(await view.locator("#app").isVisible()).toBe(true);
    expect(await view.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
  });

  test("draws only what is seen of a thousand apps, and still finds each", async () => {
    view = await browser.open(pageOf(manyApps()));
    expect(await view.locator("#shown").innerText()).toMatch(/^2001 open pairs of 1001 sources/);
    expect(await view.locator("#grid .cell").count()).toBeLessThan(2500);
    await view.locator('.cell[tabindex="0"]').focus();
    for (const key of ["PageDown", "End", "ArrowUp"]) await view.keyboard.press(key);
    expect(await focused()).toBe("apps/app-999 to kube-system/kube-dns: open on 53/UDP");
    await view.fill("#find", "app-777");
    expect(await rows()).toEqual(["apps/app-776", "apps/app-777"]);
  });

  test.each([
    [1280, "light"],
    [820, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)("is accessible at %i pixels, %s", async (width, colorScheme) => {
    await view.emulateMedia({ colorScheme });
    await view.setViewportSize({ width, height: 844 });
    expect(await violations()).toEqual([]);
    await view.click("#app-tab");
    await view.selectOption("#app", "shop/web");
    await view.locator(".flow").first().click();
    expect(await violations()).toEqual([]);
  });

  test("wraps no cell at 1280 × 800", async () => {
    await view.check("#all");
    const heights = await view.evaluate(
      "[...new Set([...document.querySelectorAll('.cell')].map((cell) => `${cell.offsetHeight} ${cell.scrollWidth <= cell.clientWidth}`))]",
    );
    expect(heights).toEqual(["26 true"]);
  });

  test("has a light and a dark face", async () => {
    const background = () => view.evaluate("getComputedStyle(document.body).backgroundColor");
    await view.emulateMedia({ colorScheme: "light" });
    const light = await background();
    await view.emulateMedia({ colorScheme: "dark" });
    expect(await background()).not.toBe(light);
    await view.emulateMedia({ colorScheme: "light" });
  });

  test("shows names that look like markup as they are", async () => {
    await browser.open(pageOf(hostileData));
    await view.locator(".cell").first().click();
    expect(await view.locator("img").count()).toBe(0);
    expect(await view.title()).toBe(`Who reaches whom: ${hostile}`);
    expect((await rows())[0]).toContain("<img src=x");
    expect(await reason()).toContain(hostile);
  });

  test("asked for nothing but itself, and complained about nothing", () => {
    expect(new Set(browser.requests.map((url) => new URL(url).protocol))).toEqual(new Set(["file:"]));
    expect(browser.errors).toEqual([]);
  });
});
