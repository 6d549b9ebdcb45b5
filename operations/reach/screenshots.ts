/** Pictures of the reachability page at three widths, for the documentation. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { pageOf } from "./matrix-page.ts";

/** Width and height in pixels: a desk, a tablet, a phone. */
const SIZES = [
  [1280, 800],
  [820, 1100],
  [390, 844],
] as const;

const DIGEST = "reachability.json";
const picture = (width: number) => `reachability-${width}.png`;

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** The look of the page with nothing in it: the pictures are stale when it changes. */
const digest = (): string =>
  createHash("sha256")
    .update(
      pageOf({
        environment: "",
        groups: [],
        identities: [],
        ports: [],
        reasons: [],
        rows: [],
        egress: [],
        ingress: [],
        notes: [],
      }),
    )
    .digest("hex");

/** Takes the pictures of a page; returns their files, or undefined where Chromium is not installed. */
export const takeScreenshots = async (
  page: string,
  directory: string,
): Promise<readonly string[] | undefined> => {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  if (!executablePath) return undefined;
  const { chromium } = await import("playwright-core");
  const temporary = mkdtempSync(join(tmpdir(), "screenshots-"));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const file = join(temporary, "page.html");
    writeFileSync(file, page);
    for (const [width, height] of SIZES) {
      const view = await browser.newPage({ viewport: { width, height } });
      await view.goto(pathToFileURL(file).href);
      await view.screenshot({ path: join(directory, picture(width)) });
    }
    writeFileSync(join(directory, DIGEST), `${JSON.stringify({ page: digest() }, null, 2)}\n`);
    return SIZES.map(([width]) => join(directory, picture(width)));
  } finally {
    await browser.close();
    rmSync(temporary, { recursive: true });
  }
};

/** One line for each picture that is missing, or of a page that looked otherwise. */
export const screenshotProblems = (directory: string): readonly string[] => {
  const path = join(directory, DIGEST);
  const taken = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).page : undefined;
  return [
    ...SIZES.map(([width]) => join(directory, picture(width)))
      .filter((file) => !existsSync(file))
      .map((file) => `${file}: is missing`),
    ...(taken === digest() ? [] : [`${path}: the page has changed since the pictures were taken`]),
  ];
};
