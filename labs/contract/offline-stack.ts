/** A stack as it can be planned without a network: its own state, states of other stacks made up, charts left out. */
import type { Block, TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { managedResources } from "../../lib/core/synthesis/terraform-json.ts";
import { isStateOf } from "./cross-stack.ts";

/** Planning these asks a server: a chart's repository, the API server. */
const NEEDS_A_SERVER: Readonly<Record<"resource" | "data", readonly string[]>> = {
  resource: ["helm_release"],
  data: ["http"],
};
const REMOTE_STATE = "terraform_remote_state";

/** PEM texts that providers can read, of a cluster that never is. */
export interface PlanCredentials {
  readonly certificate: string;
  readonly key: string;
}

/**
 * A stand-in for an output of another stack, chosen by its name. Base64, since stacks decode what they read of a
 * cluster.
 */
const outputValue = (name: string, { certificate, key }: PlanCredentials): string =>
  Buffer.from(name.endsWith("_key") ? key : certificate).toString("base64");

const VARIABLE = "contract";
/** Variables that have a form of their own. */
const VARIABLES: Readonly<Record<string, string>> = { age_recipient: `age1${"q".repeat(58)}` };

/** Credentials that are never sent anywhere: providers want some before they plan. */
const ACCESS = {
  AWS_ACCESS_KEY_ID: "contract",
  AWS_SECRET_ACCESS_KEY: "contract",
  AWS_EC2_METADATA_DISABLED: "true",
};

export interface OfflineStack {
  readonly json: TerraformJson;
  /** Made-up states that it reads, by file name. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables for the environment of the program. */
  readonly variables: Readonly<Record<string, string>>;
  /** Addresses that are not planned. */
  readonly without: readonly string[];
  /** Addresses that the plan must create, and no others. */
  readonly creates: readonly string[];
}

/** Takes out blocks that need a server; a state of another stack has the outputs that this stack declares. */
export const offlineStack = (
  stack: TerraformJson,
  stacks: ReadonlyMap<string, TerraformJson>,
  credentials: PlanCredentials,
): OfflineStack => {
  const { backend: _, ...terraform } = stack.terraform ?? {};
  const without = (["resource", "data"] as const).flatMap((kind) =>
    NEEDS_A_SERVER[kind].flatMap((type) =>
      Object.keys(stack[kind]?.[type] ?? {}).map((id) => `${kind === "data" ? "data." : ""}${type}.${id}`),
    ),
  );
  const files: Record<string, string> = {};
  const states: Record<string, Block> = {};
  for (const [id, block] of Object.entries(stack.data?.[REMOTE_STATE] ?? {})) {
    const producer = [...stacks.values()].find((other) => isStateOf(other, block));
    files[`${id}.tfstate`] = stateWith(Object.keys(producer?.output ?? {}), credentials);
    states[id] = { backend: "local", config: { path: `${id}.tfstate` } };
  }
  const resource = withoutTypes(stack.resource, NEEDS_A_SERVER.resource);
  const data = {
    ...withoutTypes(stack.data, NEEDS_A_SERVER.data),
    ...(Object.keys(states).length > 0 && { [REMOTE_STATE]: states }),
  };
  const { resource: _resource, data: _data, ...rest } = stack;
  // Terraform refuses an empty object where it expects types.
  const json = pruned(
    {
      ...rest,
      terraform,
      ...(Object.keys(resource).length > 0 && { resource }),
      ...(Object.keys(data).length > 0 && { data }),
    },
    without,
  ) as TerraformJson;
  const names = Object.keys(stack.variable ?? {});
  return {
    json,
    files,
    variables: {
      ...ACCESS,
      ...Object.fromEntries(names.map((name) => [`TF_VAR_${name}`, VARIABLES[name] ?? VARIABLE])),
    },
    without,
    creates: managedResources(json)
      .map(({ address }) => address)
      .sort(),
  };
};

const stateWith = (outputs: readonly string[], credentials: PlanCredentials): string =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "contract",
    outputs: Object.fromEntries(
      outputs.map((name) => [
        name,
        { value: outputValue(name, credentials), type: "string", sensitive: true },
      ]),
    ),
    resources: [],
  });

const withoutTypes = <T extends Readonly<Record<string, unknown>>>(
  blocks: T | undefined,
  types: readonly string[],
) => Object.fromEntries(Object.entries(blocks ?? {}).filter(([type]) => !types.includes(type))) as T;

/** Drops dependencies on the blocks that were taken out. */
const pruned = (value: unknown, without: readonly string[]): unknown => {
  if (Array.isArray(value)) return value.map((item) => pruned(item, without));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      name === "depends_on" && Array.isArray(item)
        ? item.filter((address) => !without.includes(address))
        : pruned(item, without),
    ]),
  );
};
