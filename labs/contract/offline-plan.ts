/** Real plans, without a network. */
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { type OfflineStack, offlineStack, type PlanCredentials } from "./offline-stack.ts";
import { complaints, type Workspace } from "./workspace.ts";

/** Everything that a cluster's machines are made of follows from its secrets. */
const SECRETS = "talos_machine_secrets";
const APPLY = "talos_machine_configuration_apply";

export interface OfflinePlan {
  readonly problems: readonly string[];
  /** Addresses that were not planned. */
  readonly without: readonly string[];
  /** Machine configurations by the name of their resource. They hold secrets of a cluster that never is. */
  readonly machines: ReadonlyMap<string, string>;
}

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
  readonly planned_values?: {
    readonly root_module?: {
      readonly resources?: readonly {
        readonly type: string;
        readonly name: string;
        readonly values: Readonly<Record<string, unknown>>;
      }[];
    };
  };
}

/**
 * Plans a stack from nothing, in a directory where its providers are to be had. Machine secrets are generated first,
 * into a state that is thrown away, so that the machines' configurations are known to the plan.
 */
export const offlinePlan = async (
  workspace: Workspace,
  name: string,
  stack: TerraformJson,
  stacks: ReadonlyMap<string, TerraformJson>,
  credentials: PlanCredentials,
): Promise<OfflinePlan> => {
  const offline = offlineStack(stack, stacks, credentials);
  const { json, files, variables, without } = offline;
  const directory = workspace.stack(`${name}-plan`, json, files);
  const secrets = Object.keys(json.resource?.[SECRETS] ?? {}).map((id) => `${SECRETS}.${id}`);
  const commands = [
    ["init", "-input=false"],
    ...secrets.map((address) => ["apply", "-input=false", "-auto-approve", `-target=${address}`]),
    ["plan", "-input=false", "-out=plan"],
    ["show", "-json", "plan"],
  ];
  let text = "";
  for (const args of commands) {
    const result = await workspace.terraform(directory, args, variables);
    if (result.code !== 0)
      return {
        problems: complaints(result).map((each) => `${args[0]}: ${each}`),
        without,
        machines: new Map(),
      };
    text = result.stdout;
  }
  const plan: PlanJson = JSON.parse(text);
  return { problems: unexpected(plan, offline, secrets), without, machines: machineConfigurations(plan) };
};

/** The plan must create every resource of the stack, and do nothing else. */
const unexpected = (
  { resource_changes: changes = [] }: PlanJson,
  { creates }: OfflineStack,
  made: readonly string[],
): string[] => {
  const managed = changes.filter(({ mode }) => mode === "managed");
  const expected = (address: string) => (made.includes(address) ? "no-op" : "create");
  const wrong = managed
    .map(({ address, change }) => ({ address, actions: change.actions.join(", ") }))
    .filter(({ address, actions }) => actions !== expected(address))
    .map(({ address, actions }) => `${address}: must be planned as ${expected(address)}: got ${actions}`);
  const planned = managed.map(({ address }) => address);
  const absent = creates
    .filter((address) => !planned.includes(address))
    .map((address) => `${address}: is not in the plan`);
  return [...wrong, ...absent];
};

const machineConfigurations = ({ planned_values: planned }: PlanJson): Map<string, string> =>
  new Map(
    (planned?.root_module?.resources ?? []).flatMap(({ type, name, values }) => {
      const text = values.machine_configuration_input;
      return type === APPLY && typeof text === "string" ? [[name, text] as const] : [];
    }),
  );
