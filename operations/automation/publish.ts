import type { Entry, GitHub } from "./github.ts";

/** Characters of a comment or issue; GitHub takes some more. */
const LONGEST = 60_000;

/** Hidden mark by which a report is found again, so that the next one takes its place. A reader does not see it. */
const marker = (name: string): string => `<!-- terravixens: ${name} -->`;

const withMarker = (name: string, report: string): string => {
  const cut = report.length > LONGEST;
  const shown = cut
    ? `${report.slice(0, LONGEST)}\n\n… cut off here: the log of the run has all of it.`
    : report;
  return `${marker(name)}\n${shown}`;
};

/** A person's text that quotes a report is not the report. */
const isReport = (name: string) => (entry: Entry) => entry.byBot && entry.body.startsWith(marker(name));

/** One comment of this name on a pull request: made, or put in the place of the last. */
export const publishComment = async (
  github: GitHub,
  pullRequest: number,
  name: string,
  report: string,
): Promise<void> => {
  const body = withMarker(name, report);
  const before = (await github.comments(pullRequest)).find(isReport(name));
  if (before) await github.changeComment(before.id, body);
  else await github.addComment(pullRequest, body);
};

/**
 * One issue of this name: opened, brought up to date while it is open, and closed with a word when there is nothing to
 * report.
 */
export const publishIssue = async (
  github: GitHub,
  name: string,
  title: string,
  report: string | undefined,
): Promise<void> => {
  const open = (await github.openIssues()).find(isReport(name));
  if (report !== undefined && open) await github.changeIssue(open.id, { body: withMarker(name, report) });
  else if (report !== undefined) await github.addIssue(title, withMarker(name, report));
  else if (open) {
    await github.addComment(open.id, "Nothing is left of it.");
    await github.changeIssue(open.id, { state: "closed" });
  }
};
