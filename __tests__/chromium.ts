/** Debian's Chromium, to see a page as its reader does. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";

const EXECUTABLE = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));

export const hasChromium = EXECUTABLE !== undefined;

/** A browser with a profile of its own, and what its pages asked for and complained about. */
export interface Browser {
  /** URLs that were requested. */
  readonly requests: string[];
  /** Errors of scripts and of the console. */
  readonly errors: string[];
  /** Writes a page to a file, and opens it. */
  open(html: string, options?: { readonly colorScheme?: "light" | "dark" }): Promise<Page>;
  close(): Promise<void>;
}

export const startBrowser = async (): Promise<Browser> => {
  const directory = mkdtempSync(join(tmpdir(), "chromium-"));
  const context: BrowserContext = await chromium.launchPersistentContext(join(directory, "profile"), {
    ...(EXECUTABLE && { executablePath: EXECUTABLE }),
    headless: true,
    viewport: { width: 1400, height: 900 },
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  const requests: string[] = [];
  const errors: string[] = [];
  const page = context.pages()[0] ?? (await context.newPage());
  page.on("request", (request) => requests.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) errors.push(message.text());
  });
  return {
    requests,
    errors,
    open: async (html, { colorScheme = "light" } = {}) => {
      const file = join(directory, "page.html");
      writeFileSync(file, html);
      await page.emulateMedia({ colorScheme });
      await page.goto(pathToFileURL(file).href);
      return page;
    },
    close: async () => {
      await context.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};
