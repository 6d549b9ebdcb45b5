/**
 * Label selectors of policies: matchLabels and matchExpressions, all of which must hold.
 *
 * `NotIn` and `DoesNotExist` also hold when the label is missing, so they select nodes, health endpoints and
 * external addresses too, unless something else in the selector keeps these out.
 */

import { displayKey, extendKey } from "./labels.ts";
import { RejectionError } from "./rejection.ts";

export type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist";

/** One condition on an extended key (see labels.ts). */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A selector as it stands in an object. */
export interface RawSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

export const EMPTY_SELECTOR: RawSelector = { matchLabels: {}, matchExpressions: [] };

const NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
const SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";

const NAME_RULE = `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`;
const SUBDOMAIN_RULE = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`;
const VALUE_RULE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${VALUE}')`;

const nameExpression = new RegExp(`^${NAME}$`);
const valueExpression = new RegExp(`^${VALUE}$`);
const subdomainExpression = new RegExp(`^${SUBDOMAIN}$`);

const tooLong = (length: number): string => `must be no more than ${length} characters`;

const keyProblems = (key: string): string[] => {
  const parts = key.split("/");
  if (parts.length > 2) {
    return [
      `a qualified name ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.at(-1) ?? "";
  const problems: string[] = [];
  if (parts.length === 2) {
    const prefix = parts[0] ?? "";
    if (prefix === "") problems.push("prefix part must be non-empty");
    else {
      if (prefix.length > 253) problems.push(`prefix part ${tooLong(253)}`);
      if (!subdomainExpression.test(prefix)) problems.push(`prefix part ${SUBDOMAIN_RULE}`);
    }
  }
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!nameExpression.test(name)) problems.push(`name part ${NAME_RULE}`);
  return problems;
};

const valueProblems = (value: string): string[] => [
  ...(value.length > 63 ? [tooLong(63)] : []),
  ...(valueExpression.test(value) ? [] : [VALUE_RULE]),
];

const invalid = (path: string, value: string, problem: string): string =>
  `${path}: Invalid value: ${JSON.stringify(value)}: ${problem}`;

const OPERATORS: readonly string[] = ["In", "NotIn", "Exists", "DoesNotExist"];

const expressionProblems = (
  { key, operator, values }: RawSelector["matchExpressions"][number],
  path: string,
): string[] => {
  const problems: string[] = [];
  if (!OPERATORS.includes(operator)) {
    problems.push(invalid(`${path}.operator`, operator, "not a valid selector operator"));
  } else if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) {
      problems.push(`${path}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`);
    }
  } else if (values.length > 0) {
    problems.push(
      `${path}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
    );
  }
  problems.push(...keyProblems(key).map((problem) => invalid(`${path}.key`, key, problem)));
  values.forEach((value, index) => {
    problems.push(
      ...valueProblems(value).map((problem) => invalid(`${path}.values[${index}]`, value, problem)),
    );
  });
  return problems;
};

/** A valid selector. Its keys are extended. */
export class Selector {
  /** Everything that must hold. */
  readonly requirements: readonly Requirement[];
  /** The same for selectors that mean the same, whatever the order they are written in. */
  readonly id: string;

  constructor(
    private readonly labels: ReadonlyMap<string, string>,
    private readonly expressions: readonly Requirement[],
  ) {
    const equalities = [...labels].map(
      ([key, value]): Requirement => ({ key, operator: "In", values: [value] }),
    );
    this.requirements = [...equalities, ...expressions];
    this.id = this.requirements
      .map(({ key, operator, values }) =>
        values.length < 2
          ? `${key} ${operator} ${values[0] ?? ""}`
          : `${key} ${operator} ${[...values].sort().join(",")}`,
      )
      .sort()
      .join("; ");
  }

  /**
   * Extends the keys and checks the selector as Kubernetes does. Throws with the API machinery's message.
   * @param extend how a key becomes an extended one
   */
  static parse(raw: RawSelector, extend: (key: string) => string = extendKey): Selector {
    const labels = new Map(Object.entries(raw.matchLabels).map(([key, value]) => [extend(key), value]));
    const expressions = raw.matchExpressions.map((expression) => ({
      ...expression,
      key: extend(expression.key),
    }));
    const problems = [
      ...[...labels].flatMap(([key, value]) => [
        ...keyProblems(key).map((problem) => invalid("matchLabels", key, problem)),
        ...valueProblems(value).map((problem) => invalid("matchLabels", value, problem)),
      ]),
      ...expressions.flatMap((expression, index) =>
        expressionProblems(expression, `matchExpressions[${index}]`),
      ),
    ];
    if (problems.length > 0) {
      const distinct = [...new Set(problems)];
      throw new RejectionError(
        `invalid label selector: ${distinct.length === 1 ? distinct[0] : `[${distinct.join(", ")}]`}`,
      );
    }
    return new Selector(labels, expressions as Requirement[]);
  }

  /** A selector on one label. */
  static label(key: string, value = ""): Selector {
    return new Selector(new Map([[key, value]]), []);
  }

  static of(...requirements: Requirement[]): Selector {
    return new Selector(new Map(), requirements);
  }

  /** Selects everything, also what no label describes. */
  get isWildcard(): boolean {
    return this.requirements.length === 0;
  }

  hasKey(key: string): boolean {
    return this.requirements.some((requirement) => requirement.key === key);
  }

  hasKeyPrefix(prefix: string): boolean {
    return this.requirements.some(({ key }) => key.startsWith(prefix));
  }

  /** Adds an equality, in place of one on the same key. */
  withLabel(key: string, value: string): Selector {
    return new Selector(new Map([...this.labels, [key, value]]), this.expressions);
  }

  with(...requirements: readonly Requirement[]): Selector {
    return new Selector(this.labels, [...this.expressions, ...requirements]);
  }

  toString(): string {
    const parts = this.requirements.map(({ key, operator, values }) => {
      const name = displayKey(key);
      if (operator === "Exists") return name;
      if (operator === "DoesNotExist") return `!${name}`;
      if (operator === "In" && values.length === 1) return values[0] === "" ? name : `${name}=${values[0]}`;
      return `${name} ${operator === "In" ? "in" : "notin"} (${values.join(",")})`;
    });
    return `{${parts.join(", ")}}`;
  }
}
