import type { Alert } from "../../../../lib/observability/alert.ts";

/** Examples of alerts: series that make each fire, and series at which it must keep silent. */

/**
 * Series as promtool writes them: a selector with its labels, and values a minute apart, e.g. `1x10 0x20` or
 * `0+60x120`.
 */
export type Samples = Readonly<Record<string, string>>;

/** Series and a moment at which the alert must be firing, once for each set of labels. */
export interface Firing {
  readonly series: Samples;
  /** Time after the first sample, e.g. `20m`. */
  readonly at: string;
  /** Labels of each alert, without its name and severity. */
  readonly labels: readonly Readonly<Record<string, string>>[];
}

/** Series and a moment at which the alert must keep silent. */
export interface Quiet {
  readonly series: Samples;
  readonly at: string;
  /** The reason why this is no cause to call. */
  readonly because: string;
}

export interface AlertExamples {
  readonly fires: readonly Firing[];
  readonly quiet: readonly Quiet[];
}

/** Examples by the names of alerts. */
export type Examples = Readonly<Record<string, AlertExamples>>;

/** Finds the examples of an alert. Throws where there are none. */
export type ExamplesFor = (alert: Alert) => AlertExamples;
