/** Outputs of small homelabs, as cdktf writes them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readNetwork, type SynthesizedNetwork } from "../../../operations/reach/synthesized.ts";

export interface LabStack {
  readonly policies?: readonly object[];
  /** Bodies of further manifests, as they stand. */
  readonly manifests?: readonly string[];
  /** Values of the Cilium release; there is none without. */
  readonly cilium?: object;
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Blocks by type and id. */
  readonly resources?: Readonly<Record<string, Record<string, object>>>;
}

const numbered = (blocks: readonly object[]) =>
  Object.fromEntries(blocks.map((block, at) => [`r${at}`, block]));

const stackJson = ({ policies = [], manifests = [], cilium, namespaces = {}, resources = {} }: LabStack) => ({
  resource: {
    kubectl_manifest: numbered(
      [...policies.map((policy) => JSON.stringify(policy)), ...manifests].map((yaml_body) => ({ yaml_body })),
    ),
    kubernetes_namespace_v1: numbered(
      Object.entries(namespaces).map(([name, labels]) => ({ metadata: { name, labels } })),
    ),
    ...(cilium && {
      helm_release: { cilium: { chart: "cilium", version: "1.18.3", values: [stringify(cilium)] } },
    }),
    ...resources,
  },
});

/** Runs with a directory that is gone afterwards. */
export const inDirectory = <T>(run: (directory: string) => T): T => {
  const directory = mkdtempSync(join(tmpdir(), "reach-"));
  try {
    return run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** Writes stacks by name, and returns the output directory. */
export const writeOutput = (directory: string, stacks: Readonly<Record<string, LabStack>>): string => {
  for (const [name, stack] of Object.entries(stacks)) {
    mkdirSync(join(directory, "stacks", name), { recursive: true });
    writeFileSync(join(directory, "stacks", name, "cdk.tf.json"), JSON.stringify(stackJson(stack)));
  }
  return directory;
};

/** The network of an environment whose platform stack is this. */
export const networkOf = (stack: LabStack): SynthesizedNetwork =>
  inDirectory((directory) => readNetwork(writeOutput(directory, { "lab-platform": stack }), "lab"));

export const ccnp = (name: string, spec: object): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumClusterwideNetworkPolicy",
  metadata: { name },
  spec,
});

export const cnp = (namespace: string, name: string, spec: object): object => ({
  apiVersion: "cilium.io/v2",
  kind: "CiliumNetworkPolicy",
  metadata: { name, namespace },
  spec,
});

/** Pods of a namespace, by labels. */
export const pods = (namespace: string, labels: Readonly<Record<string, string>> = {}) => ({
  matchLabels: { "k8s:io.kubernetes.pod.namespace": namespace, ...labels },
});

export const tcp = (...ports: readonly (number | string)[]) => [
  { ports: ports.map((port) => ({ port: String(port), protocol: "TCP" })) },
];

export const defaultDeny = ccnp("deny", {
  description: "Nothing is open by itself.",
  endpointSelector: { matchExpressions: [{ key: "k8s:io.kubernetes.pod.namespace", operator: "Exists" }] },
  ingress: [{}],
  egress: [{}],
});

/** Lets the pods of one namespace reach those of another, under default deny. */
export const allow = (name: string, from: object, to: object, toPorts: object[] = tcp(80)) => ({
  ...ccnp(name, {}),
  spec: undefined,
  specs: [
    {
      description: `What ${name} is for.`,
      enableDefaultDeny: { ingress: false, egress: false },
      endpointSelector: from,
      egress: [{ toEndpoints: [to], toPorts }],
    },
    {
      description: `What ${name} is for.`,
      enableDefaultDeny: { ingress: false, egress: false },
      endpointSelector: to,
      ingress: [{ fromEndpoints: [from], toPorts }],
    },
  ],
});
