/** Rules that every synthesized stack must keep, whatever constructs made it. */
import { findSecrets } from "./secrets.ts";
import { managedResources, strings, type TerraformJson } from "./terraform-json.ts";

/** A rule over one stack: returns a line for each violation, with its address. */
export interface StackCheck {
  readonly name: string;
  check(stack: TerraformJson): string[];
}

/** Resources whose loss is the loss of the cluster, of its history, or of everything in a namespace. */
const IRREPLACEABLE = [
  "talos_machine_secrets",
  "talos_machine_bootstrap",
  "aws_s3_bucket",
  "aws_s3_bucket_object_lock_configuration",
  "kubernetes_namespace_v1",
  "kubernetes_namespace",
];

/** `kubernetes_manifest` needs the API and the CRD at plan time. */
const noKubernetesManifest: StackCheck = {
  name: "no kubernetes_manifest",
  check: (stack) =>
    managedResources(stack)
      .filter(({ type }) => type === "kubernetes_manifest")
      .map(({ address }) => `${address}: use CustomResource: kubernetes_manifest needs the API at plan time`),
};

/** A provider that a resource of its own stack feeds cannot plan before that resource exists. */
const noSelfFedProvider: StackCheck = {
  name: "no provider fed by its own stack",
  check: (stack) => {
    const own = managedResources(stack).map(({ address }) => address);
    return Object.entries(stack.provider ?? {}).flatMap(([name, configurations]) =>
      strings(configurations).flatMap(({ path, text }) =>
        own
          .filter((address) => references(text, address))
          .map(
            (address) => `provider.${name}${path}: must not read a resource of its own stack: got ${address}`,
          ),
      ),
    );
  },
};

/** A provisioner runs a command; a destroy-time one wiped prod in January 2026. */
const noProvisioner: StackCheck = {
  name: "no provisioner",
  check: (stack) =>
    managedResources(stack)
      .filter(
        ({ type, block }) => "provisioner" in block || type === "null_resource" || type === "terraform_data",
      )
      .map(({ address, block }) =>
        "provisioner" in block
          ? `${address}: must not have a provisioner`
          : `${address}: exists only to run provisioners`,
      ),
};

const irreplaceableIsProtected: StackCheck = {
  name: "prevent_destroy on what cannot be rebuilt",
  check: (stack) =>
    managedResources(stack)
      .filter(({ type }) => IRREPLACEABLE.includes(type))
      .filter(
        ({ block }) =>
          (block.lifecycle as { prevent_destroy?: unknown } | undefined)?.prevent_destroy !== true,
      )
      .map(
        ({ address, block }) =>
          `${address}: needs prevent_destroy: got lifecycle ${JSON.stringify(block.lifecycle)}`,
      ),
};

/** A Talos configuration apply that resets its node on destroy is a destroy-time provisioner by another name. */
const noResetOnDestroy: StackCheck = {
  name: "no reset on destroy",
  check: (stack) =>
    managedResources(stack)
      .filter(({ block }) => (block.on_destroy as { reset?: unknown } | undefined)?.reset === true)
      .map(
        ({ address }) => `${address}: on_destroy.reset must not be true: a removed line would wipe a node`,
      ),
};

const providersArePinned: StackCheck = {
  name: "providers pinned to exact versions",
  check: (stack) => {
    const required = (stack.terraform?.required_providers ?? {}) as Record<string, { version?: string }>;
    return Object.entries(required)
      .filter(([name]) => name !== "terraform")
      .filter(([, { version }]) => !/^\d+\.\d+\.\d+$/.test(version ?? ""))
      .map(
        ([name, { version }]) => `provider ${name}: needs an exact version: got ${JSON.stringify(version)}`,
      );
  },
};

/**
 * `terraform_remote_state` forgets that an output was sensitive, and a plan then prints the value (seen with
 * Terraform 1.11.4). Provider arguments are never printed, so they may read it bare.
 */
const crossStackValuesStaySensitive: StackCheck = {
  name: "values of other stacks stay sensitive",
  check: ({ resource, data, output }) => {
    const { terraform_remote_state: _, ...sources } = data ?? {};
    const outputs = Object.entries(output ?? {}).filter(([, { sensitive }]) => sensitive !== true);
    return strings({ resource, data: sources, output: Object.fromEntries(outputs) })
      .filter(({ text }) => withoutSensitiveCalls(text).includes("data.terraform_remote_state."))
      .map(({ path }) => `${path}: wrap the value of another stack in sensitive(): a plan would print it`);
  },
};

const noSecret: StackCheck = { name: "no secret in the output", check: findSecrets };

export const stackChecks: readonly StackCheck[] = [
  noKubernetesManifest,
  noSelfFedProvider,
  noProvisioner,
  irreplaceableIsProtected,
  noResetOnDestroy,
  providersArePinned,
  crossStackValuesStaySensitive,
  noSecret,
];

/** An expression with every `sensitive(…)` cut out, arguments and all. */
const withoutSensitiveCalls = (text: string): string => {
  const call = text.search(/\bsensitive\(/);
  if (call === -1) return text;
  const open = text.indexOf("(", call);
  let depth = 0;
  for (let end = open; end < text.length; end++) {
    if (text[end] === "(") depth++;
    if (text[end] === ")" && --depth === 0)
      return text.slice(0, call) + withoutSensitiveCalls(text.slice(end + 1));
  }
  return text;
};

/** True when a Terraform expression reads `address`, and not merely one that starts alike. */
const references = (text: string, address: string): boolean =>
  text.includes(address) && new RegExp(`(^|[^\\w.-])${address.replace(".", "\\.")}(?![\\w-])`).test(text);
