/** Findings of the doctor: one line each, with what to do about it. */
import { tableLines } from "../../lib/core/text-table.ts";

/** `unknown`: it could not be looked at. */
export type Status = "ok" | "warn" | "fail" | "unknown";

export interface Diagnosis {
  readonly check: string;
  readonly status: Status;
  readonly says: string;
  /** The next step; undefined when it is well. */
  readonly todo?: string;
}

export interface Report {
  readonly environment: string;
  readonly findings: readonly Diagnosis[];
  /** The whole in one sentence. */
  readonly summary: string;
}

export const ok = (check: string, says: string): Diagnosis => ({ check, status: "ok", says });
export const warn = (check: string, says: string, todo: string): Diagnosis => ({
  check,
  status: "warn",
  says,
  todo,
});
export const fail = (check: string, says: string, todo: string): Diagnosis => ({
  check,
  status: "fail",
  says,
  todo,
});
export const unknown = (check: string, says: string, todo: string): Diagnosis => ({
  check,
  status: "unknown",
  says,
  todo,
});

const MARKS: Record<Status, string> = { ok: "ok", warn: "warn", fail: "FAIL", unknown: "?" };

export const showReport = ({ findings, summary }: Report): string[] => [
  ...tableLines(
    findings.map(({ check, status, says, todo }) => [
      MARKS[status],
      check,
      todo === undefined ? says : `${says} → ${todo}`,
    ]),
  ),
  "",
  summary,
];

/** 0: well. 1: something is wrong, needs care, or could not be looked at. */
export const exitCode = (findings: readonly Diagnosis[]): number =>
  findings.every(({ status }) => status === "ok") ? 0 : 1;
