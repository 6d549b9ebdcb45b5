/** A state as the brownfield's Terraform left it, with values that are plausible and belong to nobody. */

import type { BrownfieldShape } from "../../../environments/differences.ts";
import { type BrownfieldNode, brownfieldAddresses } from "../../../lib/adoption/brownfield.ts";

/** Resources that the talos provider made: secrets, and a configuration for each node. */
export interface Generated {
  readonly secrets: Record<string, unknown> & { client_configuration: Record<string, string> };
  readonly configurations: Readonly<Record<string, string>>;
}

const PROVIDERS: Record<string, string> = {
  talos: "siderolabs/talos",
  null: "hashicorp/null",
  local: "hashicorp/local",
  helm: "hashicorp/helm",
  kubernetes: "hashicorp/kubernetes",
  kubectl: "gavinbunney/kubectl",
};

/** Schema versions that the providers of the brownfield wrote. */
const SCHEMA: Record<string, number> = {
  talos_machine_secrets: 1,
  talos_machine_configuration_apply: 1,
  talos_machine_bootstrap: 1,
  talos_cluster_kubeconfig: 1,
  kubectl_manifest: 1,
  helm_release: 2,
};

/** Sensitive attributes, as Terraform 1.9 and later write them into a state; earlier ones leave them out. */
const SENSITIVE: Record<string, string[]> = {
  talos_machine_secrets: [
    "client_configuration.client_key",
    ...["etcd", "k8s", "k8s_aggregator", "k8s_serviceaccount", "os"].map(
      (name) => `machine_secrets.certs.${name}.key`,
    ),
    "machine_secrets.cluster.secret",
    ...["aescbc_encryption_secret", "bootstrap_token", "secretbox_encryption_secret"].map(
      (name) => `machine_secrets.secrets.${name}`,
    ),
    "machine_secrets.trustdinfo.token",
  ],
  talos_machine_configuration_apply: [
    "client_configuration.client_key",
    "machine_configuration",
    "machine_configuration_input",
  ],
  talos_machine_bootstrap: ["client_configuration.client_key"],
  talos_cluster_kubeconfig: [
    "client_configuration.client_key",
    "kubeconfig_raw",
    "kubernetes_client_configuration.client_key",
  ],
};

const marksOf = (type: string) =>
  (SENSITIVE[type] ?? []).map((path) => path.split(".").map((value) => ({ type: "get_attr", value })));

const attributesOf = (
  type: string,
  name: string,
  node: string,
  address: string,
  made: Generated,
): unknown => {
  const client_configuration = made.secrets.client_configuration;
  const { ca_certificate, client_certificate, client_key } = client_configuration;
  const reached = { node: address, endpoint: address, client_configuration };
  const configuration = made.configurations[node] ?? "";
  switch (type) {
    case "talos_machine_secrets":
      return { ...made.secrets, talos_version: "v1.11" };
    case "talos_machine_configuration_apply":
      return {
        ...reached,
        id: "machine_configuration_apply",
        apply_mode: "auto",
        machine_configuration_input: configuration,
        machine_configuration: configuration,
      };
    case "talos_machine_bootstrap":
      return { ...reached, id: "machine_bootstrap" };
    case "talos_cluster_kubeconfig":
      return {
        ...reached,
        id: "vixens-dev",
        certificate_renewal_duration: "720h",
        kubeconfig_raw: "apiVersion: v1\nkind: Config\n",
        kubernetes_client_configuration: {
          host: "https://192.168.111.160:6443",
          ca_certificate,
          client_certificate,
          client_key,
        },
      };
    case "local_file":
      return { id: name, filename: `./${name}-dev`, content: "", file_permission: "0600" };
    case "helm_release":
      return { id: name, name, namespace: name === "cilium" ? "kube-system" : name, chart: name };
    case "kubernetes_secret_v1":
      return {
        id: "argocd/infisical-universal-auth",
        metadata: [{ name: "infisical-universal-auth", namespace: "argocd" }],
        data: {},
      };
    case "kubectl_manifest":
      return { id: `/apis/${name}`, yaml_body: `kind: ${name}\n`, name };
    default:
      return { id: "5577006791947779410", triggers: {} };
  }
};

const parsed = (address: string) => {
  const key = /\["(.+)"\]$/.exec(address)?.[1] ?? (address.endsWith("[0]") ? 0 : undefined);
  const parts = address.replace(/\[.*\]$/, "").split(".");
  const [type = "", name = ""] = parts.slice(-2);
  return { key, type, name, module: parts.slice(0, -2).join(".") };
};

export interface StateNode extends BrownfieldNode {
  /** Last number of its addresses. */
  readonly octet: number;
}

/** The state of a shape, as JSON text. The shape 1109f65 reached its nodes through the services VLAN. */
export const brownfieldState = (
  shape: BrownfieldShape,
  nodes: readonly StateNode[],
  made: Generated,
  {
    marked = true,
    change = (addresses) => addresses,
  }: { marked?: boolean; change?: (addresses: string[]) => string[] } = {},
): string => {
  const vlan = shape === "H" ? 111 : 208;
  const bootstrap = nodes
    .filter(({ role }) => role === "controlplane")
    .map(({ name }) => name)
    .sort()[0];
  const instances = change(brownfieldAddresses(shape, nodes).map(({ from }) => from)).map((address) => {
    const { key, type, name, module } = parsed(address);
    const node = nodes.find((each) => each.name === (typeof key === "string" ? key : bootstrap));
    const provider = PROVIDERS[type.split("_")[0] ?? ""];
    return {
      module,
      mode: "managed",
      type,
      name,
      provider: `provider["registry.terraform.io/${provider}"]`,
      instances: [
        {
          ...(key !== undefined && { index_key: key }),
          schema_version: SCHEMA[type] ?? 0,
          ...(marked && { sensitive_attributes: marksOf(type) }),
          attributes: attributesOf(type, name, node?.name ?? "", `192.168.${vlan}.${node?.octet}`, made),
        },
      ],
    };
  });
  const resources = new Map<string, (typeof instances)[number]>();
  for (const each of instances) {
    const id = `${each.module}.${each.type}.${each.name}`;
    const known = resources.get(id);
    resources.set(id, known ? { ...known, instances: [...known.instances, ...each.instances] } : each);
  }
  return JSON.stringify({
    version: 4,
    terraform_version: "1.5.7",
    serial: 41,
    lineage: "2f6a2a64-0000-4000-8000-000000000000",
    outputs: { cluster_endpoint: { value: "https://192.168.111.160:6443", type: "string" } },
    resources: [...resources.values()],
  });
};
