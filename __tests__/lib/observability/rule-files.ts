import type { Alert, AlertGroup } from "../../../lib/observability/alert.ts";
import { ruleOf } from "../../../lib/observability/alert-rules.ts";
import type { AlertExamples, ExamplesFor, Firing, Quiet, Samples } from "./examples/examples.ts";

/** `promtool test rules` and `vmalert-tool unittest` read nearly the same file; vmalert's wants the group's name. */
export type RuleTool = "promtool" | "vmalert-tool";

/** A file by name, to be written as YAML. */
export type RuleFiles = ReadonlyMap<string, object>;

/** The groups as one file of rules, with all their texts. */
export const ruleFile = (groups: readonly AlertGroup[]): object => ({
  groups: groups.map(({ name, alerts }) => ({ name, rules: alerts.map(ruleOf) })),
});

/**
 * Writes for each alert a file of its rule and one of its tests, so that no other rule is evaluated with it. A test
 * is an example: firing with exactly these labels, or silent. The rules have no texts here, as examples say labels
 * alone.
 */
export const ruleTests = (
  groups: readonly AlertGroup[],
  tool: RuleTool,
  examplesFor: ExamplesFor,
): RuleFiles =>
  new Map(
    groups.flatMap((group) =>
      group.alerts.flatMap((alert, index): [string, object][] => {
        const name = `${group.name}-${index}-${alert.name}`;
        const { annotations: _, ...rule } = ruleOf(alert);
        return [
          [`${name}.rules.yaml`, { groups: [{ name: group.name, rules: [rule] }] }],
          [
            `${name}.test.yaml`,
            {
              rule_files: [`${name}.rules.yaml`],
              evaluation_interval: "1m",
              tests: all(examplesFor(alert)).map((example) => testOf(group, alert, example, tool)),
            },
          ],
        ];
      }),
    ),
  );

const all = ({ fires, quiet }: AlertExamples): (Firing | Quiet)[] => [...fires, ...quiet];

const testOf = (group: AlertGroup, alert: Alert, example: Firing | Quiet, tool: RuleTool): object => ({
  interval: "1m",
  input_series: seriesOf(example.series),
  alert_rule_test: [
    {
      ...(tool === "vmalert-tool" && { groupname: group.name }),
      alertname: alert.name,
      eval_time: example.at,
      exp_alerts:
        "labels" in example
          ? example.labels.map((labels) => ({
              exp_labels: { severity: alert.severity, ...alert.labels, ...labels },
            }))
          : [],
    },
  ],
});

const seriesOf = (series: Samples): object[] =>
  Object.entries(series).map(([name, values]) => ({ series: name, values }));
