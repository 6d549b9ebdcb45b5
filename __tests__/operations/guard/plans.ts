/** Plans for the tests of the guard: hand-made in the form that Terraform 1.11 writes, and two that it wrote. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../../environments/dev.ts";
import { type Environment, type EnvironmentInput, parseEnvironment } from "../../../environments/schema.ts";
import { type GuardOptions, type GuardVerdict, guard } from "../../../operations/guard/guard.ts";
import type { GuardRefusal } from "../../../operations/guard/rule.ts";

export const TODAY = "2026-11-23";

export const environment = (change: (input: EnvironmentInput) => void = () => {}): Environment => {
  const input = structuredClone(dev);
  change(input);
  return parseEnvironment(input, { today: TODAY });
};

type Values = Record<string, unknown>;

export interface ChangeInput {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before?: Values | null;
  readonly after?: Values | null;
  readonly unknown?: Values;
  readonly importing?: boolean;
  readonly movedFrom?: string;
}

const identity = (address: string) => {
  const bare = address.replace(/^(module\.\w+(\[[^\]]*\])?\.)+/, "");
  const [, type = "", name = "", key] = /^(\w+)\.([\w-]+)(?:\[(.+)\])?$/.exec(bare) ?? [];
  return { type, name, ...(key !== undefined && { index: JSON.parse(key) }) };
};

const resourceChange = ({ address, actions, before, after, unknown, importing, movedFrom }: ChangeInput) => ({
  address,
  ...(movedFrom && { previous_address: movedFrom }),
  mode: "managed",
  ...identity(address),
  change: {
    actions,
    before: before ?? null,
    after: after ?? null,
    after_unknown: unknown ?? {},
    ...(importing && { importing: { id: "x" } }),
  },
});

const resource = (address: string, values: Values) => ({
  address,
  mode: "managed",
  ...identity(address),
  values,
});

/** A plan as JSON: the state and the planned values follow from the changes; `rest` goes over it. */
export const planOf = (changes: readonly ChangeInput[], rest: Values = {}): string =>
  JSON.stringify({
    format_version: "1.2",
    terraform_version: "1.11.4",
    complete: true,
    errored: false,
    prior_state: {
      values: {
        root_module: {
          resources: changes.flatMap(({ address, before, importing }) =>
            before && !importing ? [resource(address, before)] : [],
          ),
        },
      },
    },
    planned_values: {
      root_module: {
        resources: changes.flatMap(({ address, after }) => (after ? [resource(address, after)] : [])),
      },
    },
    resource_changes: changes.map(resourceChange),
    configuration: { root_module: {} },
    ...rest,
  });

let unchanged: Environment | undefined;

export const judge = (plan: string, options: Partial<GuardOptions> = {}): GuardVerdict => {
  unchanged ??= environment();
  return guard(plan, { environment: unchanged, today: TODAY, ...options });
};

/** A waiver that lets a refusal by, as it would stand in an environment. */
export const waiverOf = (
  { rule, resource, path, before, after }: GuardRefusal,
  reason = "Somebody looked at it.",
): NonNullable<EnvironmentInput["waivers"]>[number] => ({
  rule: rule as NonNullable<EnvironmentInput["waivers"]>[number]["rule"],
  resource,
  path,
  before,
  after,
  reason,
  until: "2026-12-01",
});

/** `rule resource` of each refusal. */
export const refusals = (plan: string, options: Partial<GuardOptions> = {}): string[] =>
  judge(plan, options).refused.map(({ rule, resource: address }) => `${rule} ${address}`);

/** The rules that refuse, each once. */
export const rules = (plan: string, options: Partial<GuardOptions> = {}): string[] => [
  ...new Set(judge(plan, options).refused.map(({ rule }) => rule)),
];

/** One that Terraform 1.11.4 wrote. */
export const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, "fixtures", `${name}.json`), "utf8");

export interface MachineInput {
  readonly type?: "controlplane" | "worker";
  readonly talos?: string;
  readonly kubernetes?: string;
  readonly apiServer?: string;
  readonly extra?: string;
}

/** The attributes of an apply. */
export const machine = (
  octet: number,
  {
    type = "controlplane",
    talos = "v1.12.4",
    kubernetes = "v1.34.0",
    apiServer,
    extra = "a",
  }: MachineInput = {},
): Values => {
  const configuration = JSON.stringify({
    machine: {
      type,
      install: { image: `factory.talos.dev/metal-installer/abc:${talos}` },
      kubelet: { image: `ghcr.io/siderolabs/kubelet:${kubernetes}` },
      sysctls: { extra },
    },
    cluster: {
      ...(type === "controlplane" && {
        apiServer: { image: `registry.k8s.io/kube-apiserver:${apiServer ?? kubernetes}` },
      }),
    },
  });
  return {
    node: `192.168.111.${octet}`,
    endpoint: `192.168.111.${octet}`,
    apply_mode: "no_reboot",
    machine_configuration_input: configuration,
    machine_configuration: configuration,
  };
};

export const apply = (name: string): string => `talos_machine_configuration_apply.node_${name}`;

/** Updates each named machine from one configuration to another. */
export const updates = (machines: Readonly<Record<string, readonly [Values, Values]>>): ChangeInput[] =>
  Object.entries(machines).map(([name, [before, after]]) => ({
    address: apply(name),
    actions: JSON.stringify(before) === JSON.stringify(after) ? ["no-op"] : ["update"],
    before,
    after,
  }));
