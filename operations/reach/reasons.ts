/** Reasons as reports give them: the rule, what stands behind it, and what it is for. */
import type { PolicyRef } from "../../lib/proofs/evaluator/model.ts";
import { explainReason, type Side, type SpecRef } from "../../lib/proofs/evaluator/verdict.ts";

/** One side of a flow, for people and programs. */
export interface VerdictExplanation {
  readonly decision: Side["decision"];
  /** One line. */
  readonly text: string;
  /** The kind of reason, as in the evaluator's `Reason`. */
  readonly kind: Side["reason"]["kind"];
  /** Policies that the reason names, e.g. `CiliumClusterwideNetworkPolicy platform-dns`. */
  readonly policies: readonly PolicyRef[];
  /** The rule's description by its author: the description of its spec. */
  readonly why: string | undefined;
}

/** Explains sides by the policy objects that they were decided with. */
export class Reasons {
  private readonly byRef: ReadonlyMap<string, unknown>;

  constructor(objects: readonly unknown[]) {
    this.byRef = new Map(objects.map((object) => [keyOf(refOf(object)), object]));
  }

  explain({ decision, reason }: Side): VerdictExplanation {
    const specs = specsOf(reason);
    const [only] = specs;
    return {
      decision,
      text: explainReason(reason),
      kind: reason.kind,
      policies: [...new Map(specs.map(({ policy }) => [keyOf(policy), policy])).values()],
      why: only && specs.length === 1 ? this.description(only) : undefined,
    };
  }

  private description({ policy, path }: SpecRef): string | undefined {
    const object = this.byRef.get(keyOf(policy)) as
      | { readonly spec?: Described; readonly specs?: readonly Described[] }
      | undefined;
    const index = /^specs\[(\d+)\]/.exec(path)?.[1];
    const spec = index === undefined ? object?.spec : object?.specs?.[Number(index)];
    return spec?.description;
  }
}

interface Described {
  readonly description?: string;
}

/** Specs that a reason rests on. */
const specsOf = (reason: Side["reason"]): readonly SpecRef[] => {
  switch (reason.kind) {
    case "allow-rule":
    case "deny-rule":
      return [reason.rule];
    case "no-default-deny":
    case "default-deny":
      return reason.specs;
    case "not-modelled":
      return reason.constructs.map(({ rule }) => rule);
    default:
      return [];
  }
};

const keyOf = ({ kind, namespace = "", name }: PolicyRef): string => `${kind} ${namespace}/${name}`;

const refOf = (object: unknown): PolicyRef => {
  const { kind, metadata } = object as {
    readonly kind: PolicyRef["kind"];
    readonly metadata: { readonly name: string; readonly namespace?: string };
  };
  return { kind, name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }) };
};
