/** Matches labels of objects against a label selector of Kubernetes. */
import type { LabelSelector } from "../facts/rendered.ts";

type Labels = Readonly<Record<string, string>>;

/** An empty selector selects everything; no selector, nothing. Source: apimachinery, `LabelSelectorAsSelector`. */
export const selects = (selector: LabelSelector | undefined, labels: Labels): boolean => {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const isIn = value !== undefined && values.includes(value);
      return operator === "In" ? isIn : !isIn;
    })
  );
};
