import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GitHub } from "../../../operations/automation/github.ts";
import { publishComment, publishIssue } from "../../../operations/automation/publish.ts";
import { publishReport } from "../../../operations/commands/publish-report.ts";
import { run } from "../cli/run.ts";
import { type FakeGitHub, startGitHub, TOKEN } from "./fake-github.ts";

let fake: FakeGitHub;
let github: GitHub;

beforeEach(async () => {
  fake = await startGitHub();
  github = new GitHub({ repository: "owner/homelab", token: TOKEN, url: fake.url });
});

afterEach(() => fake.close());

const bodies = (issue: number) => fake.comments.get(issue)?.map(({ body }) => body);

describe("a comment", () => {
  test("is made once and then put in the place of the last", async () => {
    await publishComment(github, 7, "plan", "first");
    await publishComment(github, 7, "plan", "second");
    await publishComment(github, 8, "plan", "other");
    expect(bodies(7)).toEqual(["<!-- terravixens: plan -->\nsecond"]);
    expect(bodies(8)).toEqual(["<!-- terravixens: plan -->\nother"]);
  });

  test("is not one of another name, nor what a person quotes", async () => {
    const others = [
      fake.item(1, "<!-- terravixens: drift -->\nx"),
      fake.item(2, "<!-- terravixens: plan -->", "User"),
    ];
    fake.comments.set(7, others);
    await publishComment(github, 7, "plan", "mine");
    expect(bodies(7)).toEqual([...others.map(({ body }) => body), "<!-- terravixens: plan -->\nmine"]);
  });

  test("is found after a hundred others", async () => {
    const talk = Array.from({ length: 230 }, (_, id) => fake.item(id, "talk", "User"));
    fake.comments.set(7, [...talk, fake.item(999, "<!-- terravixens: plan -->\nold")]);
    await publishComment(github, 7, "plan", "new");
    expect(bodies(7)?.slice(229)).toEqual(["talk", "<!-- terravixens: plan -->\nnew"]);
  });

  test("that is too long for GitHub is cut, and says so", async () => {
    await publishComment(github, 7, "plan", "x".repeat(70_000));
    const [body = ""] = bodies(7) ?? [];
    expect(body.length).toBeLessThan(65_536);
    expect(body).toContain("cut off here");
  });
});

describe("an issue", () => {
  const open = () => fake.issues.filter(({ state }) => state === "open");

  test("is opened, brought up to date, closed with a word, and opened anew", async () => {
    await publishIssue(github, "drift", "Drift", "first");
    await publishIssue(github, "drift", "Drift", "second");
    expect(open()).toMatchObject([{ title: "Drift", body: "<!-- terravixens: drift -->\nsecond" }]);
    const number = open()[0]?.number ?? 0;
    await publishIssue(github, "drift", "Drift", undefined);
    expect(open()).toEqual([]);
    expect(fake.comments.get(number)).toHaveLength(1);
    await publishIssue(github, "drift", "Drift", "third");
    expect(open()).toHaveLength(1);
  });

  test("nothing happens when there is none and nothing to report", async () => {
    await publishIssue(github, "drift", "Drift", undefined);
    expect(fake.requests).toEqual(["GET /issues"]);
  });

  test("is not a pull request, a person's issue or one of another name", async () => {
    fake.issues.push(
      { ...fake.item(1, "<!-- terravixens: drift -->"), pull_request: {} },
      fake.item(2, "<!-- terravixens: drift -->", "User"),
      fake.item(3, "<!-- terravixens: backup -->"),
    );
    await publishIssue(github, "drift", "Drift", "mine");
    expect(open()).toHaveLength(4);
  });
});

describe("npm run homelab -- publish-report", { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), "publish-"));
  beforeEach(() => {
    vi.stubEnv("GITHUB_TOKEN", TOKEN);
    vi.stubEnv("GITHUB_REPOSITORY", "owner/homelab");
    vi.stubEnv("GITHUB_API_URL", fake.url);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true, force: true });
  });

  test("publishes a file, and fails without a trace when GitHub refuses", async () => {
    const file = join(directory, "report.md");
    writeFileSync(file, "the report\n");
    const args = ["comment", "--pull-request", "7", "--name", "plan", file];
    expect(await run(publishReport, ...args)).toEqual({ code: 0, out: "", err: "" });
    expect(bodies(7)).toEqual(["<!-- terravixens: plan -->\nthe report"]);
    fake.refuseWith = 403;
    expect(await run(publishReport, ...args)).toMatchObject({
      code: 1,
      err: "error: GET /issues/7/comments?per_page=100&page=1: GitHub answered 403",
    });
  });

  test.each([
    [["comment", "--name", "plan", "file"], "required option '--pull-request <number>' not specified"],
    [
      ["comment", "--pull-request", "7; rm", "--name", "plan", "file"],
      '--pull-request: must be a number: got "7; rm"',
    ],
    [["issue", "--name", "drift", "file"], "required option '--title <title>' not specified"],
    [["comment", "--pull-request", "7", "--name", "plan", "missing"], "missing: must hold a report"],
  ])("refuses %j", async (args, message) => {
    const { code, err } = await run(publishReport, ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
