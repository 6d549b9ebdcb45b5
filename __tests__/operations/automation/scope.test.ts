import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GitHub } from "../../../operations/automation/github.ts";
import { concerns, type History, mustDeploy } from "../../../operations/automation/scope.ts";
import { scope } from "../../../operations/commands/scope.ts";
import { run } from "../cli/run.ts";
import { type FakeGitHub, startGitHub, TOKEN } from "./fake-github.ts";

describe("which layers a file concerns", () => {
  test.each([
    ["apps/jellyfin.ts", "apps"],
    ["environments/prod.ts", "platform apps"],
    ["lib/app/app.ts", "platform apps"],
    ["stacks/apps.ts", "platform apps"],
    ["package-lock.json", "platform apps"],
    ["main.ts", "platform apps"],
    ["docs/adr/0001.md", ""],
    ["README.md", ""],
    ["__tests__/stacks/layers.test.ts", ""],
    [".github/workflows/deploy.yml", ""],
    ["renovate.json", ""],
  ])("%s: %s", (file, layers) => {
    expect((["platform", "apps"] as const).filter((layer) => concerns(layer, file)).join(" ")).toBe(layers);
  });

  test("every file that synthesis reads concerns the platform, but for the apps", () => {
    const tracked = execFileSync("git", ["ls-files"], { encoding: "utf8" }).split("\n").filter(Boolean);
    const made = tracked.filter((file) => /^(lib|stacks|environments|bin)\/|^[^/]+\.(ts|json)$/.test(file));
    const beside = made.filter((file) => !concerns("platform", file));
    expect(made.length).toBeGreaterThan(100);
    expect(beside.filter((file) => file !== "renovate.json")).toEqual([]);
  });
});

/** Commits a to e, one after the other; what a commit changes. */
const history = (changes: Readonly<Record<string, readonly string[]>>): History => ({
  isAncestor: (older, newer) => older <= newer && older !== "gone" && newer !== "gone",
  changedFiles: (older, newer) =>
    Object.entries(changes).flatMap(([commit, files]) => (commit > older && commit <= newer ? files : [])),
});

describe("whether a layer must be deployed", () => {
  const commits = history({ b: ["lib/x.ts"], c: ["apps/x.ts"], d: ["README.md"] });

  test.each([
    ["never deployed", undefined, "d", true, true],
    ["an app changed", "b", "c", false, true],
    ["what both are made of changed, also when the last change is an app", "a", "c", true, true],
    ["nothing of it changed", "c", "d", false, false],
    ["deployed already", "d", "d", false, false],
    ["deployed from a commit that is gone", "gone", "d", true, true],
  ])("%s", (_, last, commit, platform, apps) => {
    expect([
      mustDeploy("platform", last, commit, commits),
      mustDeploy("apps", last, commit, commits),
    ]).toEqual([platform, apps]);
  });

  test("not from an older commit than what is deployed", () => {
    expect(() => mustDeploy("apps", "c", "b", commits)).toThrow("apps: b is older than c, which is deployed");
  });
});

describe("what GitHub knows", () => {
  let fake: FakeGitHub;
  beforeEach(async () => {
    fake = await startGitHub();
    fake.deployments = [
      { environment: "dev-apps", sha: "waiting", states: [] },
      { environment: "dev-apps", sha: "failed", states: ["failure", "in_progress"] },
      { environment: "prod-apps", sha: "prod", states: ["success"] },
      { environment: "dev-apps", sha: "good", states: ["success", "in_progress"] },
      { environment: "dev-apps", sha: "before", states: ["inactive", "success"] },
    ];
    fake.reviewers = { "prod-apps": 1, "prod-platform": 0 };
  });
  afterEach(() => fake.close());
  const github = (token = TOKEN) => new GitHub({ repository: "owner/homelab", token, url: fake.url });

  test("the last deployment is the newest of the environment that succeeded", async () => {
    expect(await github().lastDeployed("dev-apps")).toBe("good");
    expect(await github().lastDeployed("dev-platform")).toBeUndefined();
  });

  test("a refusal is not taken for an answer", async () => {
    await expect(github("wrong").lastDeployed("dev-apps")).rejects.toThrow("GitHub answered 401");
    await expect(github("wrong").isReviewed("dev-apps")).rejects.toThrow("GitHub answered 401");
  });

  test("an environment is reviewed when somebody must approve", async () => {
    const asked = ["prod-apps", "prod-platform", "never-set-up"].map((name) => github().isReviewed(name));
    expect(await Promise.all(asked)).toEqual([true, false, false]);
  });

  describe("npm run homelab -- scope", { timeout: 60_000 }, () => {
    const directory = mkdtempSync(join(tmpdir(), "scope-"));
    afterAll(() => rmSync(directory, { recursive: true }));
    const head = execFileSync("git", ["rev-parse", "HEAD"], { encoding: "utf8" }).trim();
    beforeEach(() => {
      vi.stubEnv("GITHUB_TOKEN", TOKEN);
      vi.stubEnv("GITHUB_REPOSITORY", "owner/homelab");
      vi.stubEnv("GITHUB_API_URL", fake.url);
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    test("hands on what must be deployed", async () => {
      fake.deployments = [{ environment: "dev-platform", sha: head, states: ["success"] }];
      const outputs = join(directory, "outputs");
      expect(await run(scope, "dev", "--outputs", outputs)).toMatchObject({ code: 0, err: "" });
      expect(readFileSync(outputs, "utf8")).toBe("platform=false\napps=true\n");
    });

    test("refuses prod while nobody must approve it", async () => {
      expect(await run(scope, "prod")).toMatchObject({
        code: 1,
        err: "error: prod-platform: must be an environment of the repository with a required reviewer, who approves each plan",
      });
      fake.reviewers = { "prod-apps": 1, "prod-platform": 2 };
      expect((await run(scope, "prod")).code).toBe(0);
    });

    test("refuses what is no environment", async () => {
      expect(await run(scope, "staging")).toMatchObject({
        code: 2,
        err: expect.stringContaining("known are dev, prod"),
      });
    });
  });
});
