/** Reads the synthesized stacks for the end-to-end run. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { manifestObjects } from "../../lib/core/kubernetes/manifest-text.ts";
import { type NamedStack, strings, type TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import type { KubernetesObject } from "./kubectl.ts";

/** A custom resource and the Terraform resource that applies it. */
export interface Manifest {
  readonly stack: string;
  readonly address: string;
  readonly object: KubernetesObject;
}

/** A release of Helm as the stack asks for it. */
export interface ChartRelease {
  readonly address: string;
  readonly name: string;
  readonly namespace: string;
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
  /** YAML documents; later ones win. */
  readonly values: readonly string[];
  /** Names of values that are set beside these, and are secret. */
  readonly secretValues: readonly string[];
}

/** The place of a stack's state. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
  readonly endpoint: string;
  readonly region: string;
}

type Blocks = Readonly<Record<string, Record<string, unknown>>>;

const blocks = (stack: TerraformJson, type: string): [string, Record<string, unknown>][] =>
  Object.entries((stack.resource?.[type] ?? {}) as Blocks);

/** Reads stacks from the directory that synthesis wrote. */
export const readStacks = (outdir: string, names: readonly string[]): NamedStack[] =>
  names.map((name) => ({
    name,
    json: JSON.parse(readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8")),
  }));

export const manifests = ({ name, json }: NamedStack): Manifest[] =>
  blocks(json, "kubectl_manifest").flatMap(([id, { yaml_body }]) =>
    manifestObjects(textOf(yaml_body)).map((object) => ({
      stack: name,
      address: `kubectl_manifest.${id}`,
      object: object as unknown as KubernetesObject,
    })),
  );

export const releases = ({ json }: NamedStack): ChartRelease[] =>
  blocks(json, "helm_release").map(([id, block]) => ({
    address: `helm_release.${id}`,
    name: String(block.name),
    namespace: String(block.namespace),
    repository: String(block.repository),
    chart: String(block.chart),
    version: String(block.version),
    values: (block.values ?? []) as string[],
    secretValues: listOf(block.set_sensitive).map((each) => textOf(fieldsOf(each).name)),
  }));

/** Addresses of everything that Terraform manages in a stack. */
export const addresses = ({ json }: NamedStack): string[] =>
  Object.entries((json.resource ?? {}) as Blocks).flatMap(([type, byId]) =>
    Object.keys(byId).map((id) => `${type}.${id}`),
  );

const location = ({
  bucket,
  key,
  endpoints,
  region,
}: {
  bucket: string;
  key: string;
  endpoints: { s3: string };
  region: string;
}): StateLocation => ({ bucket, key, endpoint: endpoints.s3, region });

/** Reads the place of a stack's state from its backend. Refused: any other backend than S3. */
export const stateLocation = ({ name, json }: NamedStack): StateLocation => {
  const { s3, ...others } = (json.terraform?.backend ?? {}) as Record<string, never>;
  if (s3 === undefined) throw new Error(`${name}: must keep its state in S3: got ${Object.keys(others)}`);
  return location(s3);
};

/** A state that a stack reads, and which outputs of it. */
export interface RemoteState {
  readonly location: StateLocation;
  readonly outputs: readonly string[];
}

/** The states of other stacks that a stack reads. */
export const remoteStates = ({ json }: NamedStack): RemoteState[] => {
  const { terraform_remote_state: states = {}, ...data } = (json.data ?? {}) as Record<string, Blocks>;
  const text = strings({ resource: json.resource, provider: json.provider, output: json.output, data })
    .map((each) => each.text)
    .join("\n");
  return Object.entries(states as unknown as Record<string, { config: never }>).map(([id, { config }]) => {
    const reads = text.matchAll(new RegExp(`terraform_remote_state\\.${id}\\.outputs\\.([\\w-]+)`, "g"));
    return { location: location(config), outputs: [...new Set([...reads].map(([, name = ""]) => name))] };
  });
};

/** The API server that the providers of stacks talk to. Refused: none, or several. */
export const apiServerUrl = (stacks: readonly NamedStack[]): URL => {
  const hosts = stacks.flatMap(({ json }) =>
    strings(json.provider ?? {})
      .filter(({ path, text }) => path.endsWith(".host") && !text.includes("${"))
      .map(({ text }) => text),
  );
  const [host, ...others] = [...new Set(hosts)];
  if (host === undefined || others.length > 0) {
    throw new Error(`providers must name one API server: got ${[host, ...others].join(", ")}`);
  }
  return new URL(host);
};

/** Variables that stacks need a value for. */
export const variableNames = (stacks: readonly NamedStack[]): string[] => [
  ...new Set(
    stacks.flatMap(({ json }) =>
      Object.entries(((json as { variable?: Blocks }).variable ?? {}) as Blocks)
        .filter(([, { default: value }]) => value === undefined)
        .map(([name]) => name),
    ),
  ),
];
