import { parseAllDocuments } from "yaml";
import type { Environment } from "../../environments/schema.ts";
import { managedResources } from "../../lib/core/synthesis/terraform-json.ts";
import { synthesizedStacks } from "./synthesized-stacks.ts";

/** The network policies of an environment's other stacks, as this revision synthesizes them. */
export const otherPolicies = (environment: Environment, stack: string): unknown[] =>
  synthesizedStacks(environment)
    .filter(({ name }) => name !== stack)
    .flatMap(({ json }) => managedResources(json))
    .filter(({ type }) => type === "kubectl_manifest")
    .flatMap(({ block }) => parseAllDocuments(String(block.yaml_body)).map((document) => document.toJS()))
    .filter((object: { kind?: unknown } | null) =>
      /^Cilium.*NetworkPolicy$|^NetworkPolicy$/.test(String(object?.kind)),
    );
