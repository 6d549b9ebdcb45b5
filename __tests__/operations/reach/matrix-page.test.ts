import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MatrixData } from "../../../operations/reach/matrix-data.ts";
import { matrixPage, pageOf } from "../../../operations/reach/matrix-page.ts";
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
    expect(page).not.toMatch(/(src|href)=|url\(|@import|https?:/);
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
    expect(text).toContain("&lt;/script&gt;&lt;img src=x onerror=&quot;document.title=1&quot;&gt;&amp;&#39;");
    expect(text.match(/<\/script>/g)).toHaveLength(2);
  });
});

describe.runIf(hasChromium)("the page in Chromium", () => {
  let browser: Browser;
  let view: Page;

  const cell = (label: string) => view.locator(`.cell[aria-label^="${label},"]`);
  const rows = () => view.locator("tbody th").allTextContents();
  const reason = () => view.locator("#reason").innerText();
  const focused = () => view.evaluate("document.activeElement.getAttribute('aria-label')");

  beforeAll(async () => {
    browser = await startBrowser();
    view = await browser.open(page);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  test("shows namespaces by namespaces, with verdicts in text", async () => {
    expect(await rows()).toEqual(expect.arrayContaining(["argocd", "media", "shop", "(nodes)", "(outside)"]));
    expect(await view.locator("caption").innerText()).toBe("All namespaces, 5432/TCP");
    expect(await cell("shop to shop").innerText()).toBe("◐ 1/9");
    expect(await cell("shop to shop").getAttribute("aria-label")).toBe(
      "shop to shop, 5432/TCP: partly open: 1 of 9 pairs open",
    );
    expect(await cell("media to shop").innerText()).toBe("×");
    expect(await cell("(outside) to (outside)").innerText()).toBe("–");
  });

  test("filters by the name of a namespace, and by that of its pods", async () => {
    await view.fill("#from", "MED");
    expect(await rows()).toEqual(["media"]);
    await view.fill("#from", "shop/web");
    expect(await rows()).toEqual(["shop"]);
    await view.fill("#to", "shop");
    expect(await view.locator("thead th").allTextContents()).toEqual(["from ↓  to →", "shop"]);
    await view.fill("#to", "nobody");
    expect(await view.locator("#shown").innerText()).toBe("Nothing has such a name.");
    for (const filter of ["#from", "#to"]) await view.fill(filter, "");
    expect((await rows()).length).toBeGreaterThan(5);
  });

  test("gives examples with reasons on hover", async () => {
    await cell("shop to shop").hover();
    expect(await reason()).toContain("● shop/web → shop/db");
    expect(await reason()).toMatch(/egress: allowed by CiliumClusterwideNetworkPolicy shop-db specs\[0\]/);
    expect(await reason()).toContain("What shop-db is for.");
    expect(await reason()).toContain("1 open, 8 closed pairs");
  });

  test("drills down to pods, with the keyboard alone, and back to the same cell", async () => {
    await cell("shop to shop").focus();
    await view.keyboard.press("Enter");
    expect(await view.locator("caption").innerText()).toBe("shop → shop, pods, 5432/TCP");
    expect(await rows()).toEqual(["any-app", "db", "web"]);
    expect(await focused()).toMatch(/^shop\/any-app to shop\/any-app, 5432\/TCP: closed/);
    for (const key of ["ArrowDown", "End", "Home", "ArrowDown", "ArrowRight"]) await view.keyboard.press(key);
    expect(await focused()).toBe("shop/web to shop/db, 5432/TCP: open");
    expect(await reason()).toMatch(
      /shop\/web → shop\/db\s+5432\/TCP\s+● open\s+egress of shop\/web\s+allowed by/,
    );
    expect(await view.locator('.cell[tabindex="0"]').count()).toBe(1);
    await view.keyboard.press("Escape");
    expect(await view.locator("caption").innerText()).toBe("All namespaces, 5432/TCP");
    expect(await focused()).toMatch(/^shop to shop,/);
  });

  test("decides another port, by both sides", async () => {
    await view.selectOption("#port", { label: "5433/TCP" });
    expect(await cell("shop to shop").innerText()).toBe("×");
    expect(await cell("shop to (outside)").innerText()).toBe("◐ 2/6");
    await view.selectOption("#port", { label: "every other TCP port" });
    expect(await cell("shop to shop").innerText()).toBe("×");
    await view.selectOption("#port", { label: "5432/TCP" });
  });

  test("is drilled into by click, and left by its button", async () => {
    await cell("media to shop").click();
    expect(await rows()).toEqual(["any-app"]);
    expect(await reason()).toMatch(/nothing allows it; default deny by CiliumClusterwideNetworkPolicy deny/);
    await view.click("#back");
    expect(await view.locator("#back").isVisible()).toBe(false);
  });

  test("has a light and a dark face", async () => {
    const background = () => view.evaluate("getComputedStyle(document.body).backgroundColor");
    const light = await background();
    await view.emulateMedia({ colorScheme: "dark" });
    expect(await background()).not.toBe(light);
    await view.emulateMedia({ colorScheme: "light" });
  });

  test("shows names that look like markup as they are", async () => {
    await browser.open(pageOf(hostileData));
    await view.locator(".cell").first().hover();
    expect(await view.locator("img").count()).toBe(0);
    expect(await view.title()).toBe(`Who reaches whom: ${hostile}`);
    expect((await rows())[0]).toBe(hostile);
    expect(await reason()).toContain(hostile);
  });

  test("asked for nothing but itself, and complained about nothing", () => {
    expect(new Set(browser.requests.map((url) => new URL(url).protocol))).toEqual(new Set(["file:"]));
    expect(new Set(browser.requests).size).toBe(1);
    expect(browser.errors).toEqual([]);
  });
});
