import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const hasJq = spawnSync("jq", ["--version"]).status === 0;
if (!hasJq) console.warn("left out: what the homelab's runner refuses: not installed: jq");

const directory = mkdtempSync(join(tmpdir(), "job-started-"));
afterAll(() => rmSync(directory, { recursive: true }));

interface Job {
  readonly role?: string;
  readonly repository?: string;
  readonly event: string;
  readonly ref?: string;
  /** Repository that a pull request comes from; null when it is gone. */
  readonly head?: string | null;
}

const start = ({
  role = "read",
  repository = "owner/homelab",
  event,
  ref = "refs/heads/main",
  head,
}: Job) => {
  const path = join(directory, "event.json");
  const repo = head === null ? null : { full_name: head };
  writeFileSync(path, JSON.stringify(head === undefined ? {} : { pull_request: { head: { repo } } }));
  const { status, stdout } = spawnSync("bash", [".github/runner/job-started.sh"], {
    encoding: "utf8",
    env: {
      PATH: process.env.PATH,
      HOMELAB_REPOSITORY: "owner/homelab",
      HOMELAB_ROLE: role,
      GITHUB_REPOSITORY: repository,
      GITHUB_EVENT_NAME: event,
      GITHUB_REF: ref,
      GITHUB_EVENT_PATH: path,
    },
  });
  return { status, stdout };
};

describe.runIf(hasJq)("the homelab's runner", () => {
  test.each<Job>([
    { role: "deploy", event: "push" },
    { role: "deploy", event: "schedule" },
    { event: "schedule" },
    { event: "workflow_dispatch" },
    { event: "pull_request", ref: "refs/pull/7/merge", head: "owner/homelab" },
  ])("takes %j", (job) => {
    expect(start(job)).toEqual({ status: 0, stdout: "" });
  });

  test.each<[Job, string]>([
    [{ event: "pull_request", head: "stranger/homelab" }, "comes from stranger/homelab"],
    [{ event: "pull_request", head: null }, "comes from a repository that is gone"],
    [{ event: "pull_request" }, "comes from a repository that is gone"],
    [{ role: "deploy", event: "pull_request", head: "owner/homelab" }, "may deploy serves no pull_request"],
    [{ role: "deploy", event: "push", ref: "refs/heads/other" }, "refs/heads/other, not of main"],
    [
      { role: "deploy", event: "workflow_dispatch", ref: "refs/heads/other" },
      "refs/heads/other, not of main",
    ],
    [{ role: "deploy", event: "issue_comment" }, "may deploy serves no issue_comment"],
    [{ event: "push" }, "may read serves no push"],
    [{ event: "workflow_dispatch", ref: "refs/heads/other" }, "refs/heads/other, not of main"],
    [{ event: "pull_request_target", head: "stranger/homelab" }, "serves no pull_request_target"],
    [{ event: "schedule", repository: "owner/other" }, "it is of owner/other"],
    [{ role: "both", event: "push" }, "may both serves no push"],
  ])("refuses %j", (job, reason) => {
    const { status, stdout } = start(job);
    expect(status).toBe(1);
    expect(stdout).toContain(reason);
  });
});
