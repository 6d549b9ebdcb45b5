import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import { computedOnce } from "../core/memo.ts";

/** One `label op "value"` of a selector. */
export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** A selector of series in an expression: a metric, narrowed by its labels. */
export interface MetricSelector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

export interface ParsedExpression {
  /** Every selector, in the order of the text, without repetitions. */
  readonly selectors: readonly MetricSelector[];
  /** Problems of the expression, by position; empty when it can be evaluated. */
  readonly problems: readonly string[];
}

/** Functions whose last argument of the kind is a range of samples, `metric[5m]`. Prometheus: "Query functions". */
const RANGE_FUNCTIONS = new Set([
  ...["rate", "irate", "increase", "delta", "idelta", "deriv", "changes", "resets", "predict_linear"],
  ...["absent_over_time", "avg_over_time", "count_over_time", "last_over_time", "max_over_time"],
  ...["min_over_time", "present_over_time", "quantile_over_time", "stddev_over_time", "stdvar_over_time"],
  ...["sum_over_time", "double_exponential_smoothing"],
]);

const RANGES = new Set(["MatrixSelector", "SubqueryExpr"]);
const OPERATORS = new Set(["=", "!=", "=~", "!~"]);

/** Nodes that may stand around a range without changing what it is. */
const WRAPPERS = new Set(["FunctionCallBody", "OffsetExpr", "StepInvariantExpr", "ParenExpr"]);

const childrenOf = (node: SyntaxNode): SyntaxNode[] => {
  const all: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
};

/** True when one of the arguments is a range. */
const takesRange = (node: SyntaxNode): boolean =>
  childrenOf(node).some((child) => RANGES.has(child.name) || (WRAPPERS.has(child.name) && takesRange(child)));

const enclosing = (node: SyntaxNode): SyntaxNode | null =>
  node.parent && WRAPPERS.has(node.parent.name) ? enclosing(node.parent) : node.parent;

/**
 * Reads a PromQL expression with the grammar of Prometheus' own editor, which VictoriaMetrics' MetricsQL includes.
 *
 * Beyond the grammar it finds what that grammar lets pass: a text that does not end, a range where there must be
 * none, a function that needs one, a selector without a metric's name.
 */
export const parsePromql = computedOnce((expression: string): ParsedExpression => {
  const text = ({ from, to }: SyntaxNode) => expression.slice(from, to);
  const isRangeFunction = (node: SyntaxNode | null) =>
    node?.name === "FunctionCall" && node.firstChild !== null && RANGE_FUNCTIONS.has(text(node.firstChild));
  const unreadable: string[] = [];
  const problems: string[] = [];
  const selectors = new Map<string, MetricSelector>();
  const visit = (node: SyntaxNode): void => {
    const at = `at ${node.from + 1}:`;
    if (node.type.isError) unreadable.push(`${at} cannot be read: ${text(node) || "ends too early"}`);
    if (node.name === "StringLiteral" && !isWhole(text(node)))
      problems.push(`${at} text without an end: ${text(node)}`);
    if (isRangeFunction(node) && !takesRange(node))
      problems.push(`${at} needs a range of samples, as in metric[5m]: got ${text(node)}`);
    if (RANGES.has(node.name) && !isRangeFunction(enclosing(node)))
      problems.push(`${at} a range of samples where a value is needed: got ${text(node)}`);
    if (node.name === "VectorSelector") {
      const selector = selectorOf(node, text);
      if (selector.metric === "") problems.push(`${at} needs the name of a metric: got ${text(node)}`);
      selectors.set(selectorText(selector), selector);
    }
    childrenOf(node).forEach(visit);
  };
  visit(parser.parse(expression).topNode);
  // The parser only guesses after an unreadable place, so the first one is reported alone.
  return { selectors: [...selectors.values()], problems: [...problems, ...unreadable.slice(0, 1)] };
});

const isWhole = (literal: string): boolean =>
  literal.length > 1 && literal.at(0) === literal.at(-1) && !/(^|[^\\])(\\\\)*\\.$/.test(literal);

const selectorOf = (node: SyntaxNode, text: (node: SyntaxNode) => string): MetricSelector => {
  const name = node.getChild("Identifier");
  const matchers = node
    .getChildren("LabelMatchers")
    .flatMap((list) => list.getChildren("UnquotedLabelMatcher"))
    .flatMap((matcher): Matcher[] => {
      const label = matcher.getChild("LabelName");
      const operator = matcher.getChild("MatchOp");
      const value = matcher.getChild("StringLiteral");
      if (!label || !operator || !value || !OPERATORS.has(text(operator))) return [];
      return [
        {
          label: text(label),
          operator: text(operator) as Matcher["operator"],
          value: text(value).slice(1, -1),
        },
      ];
    });
  return { metric: name ? text(name) : "", matchers };
};

/** A selector as PromQL writes it. */
export const selectorText = ({ metric, matchers }: MetricSelector): string =>
  matchers.length === 0
    ? metric
    : `${metric}{${matchers.map(({ label, operator, value }) => `${label}${operator}"${value}"`).join(",")}}`;
