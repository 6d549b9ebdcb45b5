/** Apps as the output holds them, and which of them is behind a name or an address. */
import { parse } from "yaml";
import { type Fields, fieldsOf, isFields, listOf, textOf } from "../../lib/core/fields.ts";
import { areManagedLabels } from "../../lib/core/platform/names.ts";
import type { AddressedBlock } from "../../lib/core/synthesis/terraform-json.ts";
import { platformPods } from "../../lib/network/platform-pods.ts";
import { ENDS } from "../../lib/proofs/network/inventory.ts";

/** An app that an Application of the output runs. */
export interface SynthesizedApp {
  readonly namespace: string;
  /** Labels by which policies select its pods, and those that its chart gives them as a rule. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its pods are the node to a policy. */
  readonly hostNetwork: boolean;
}

/** The pod and ports into which Cilium translates an address before the policy. */
export interface Served {
  /** A name of `Directory`. */
  readonly name: string;
  /** The port of the pod for each port of the address; others stay as they are. */
  readonly ports: Readonly<Record<number, number>>;
}

const ADDRESS = "io.cilium/lb-ipam-ips";
const GATEWAY: Served = { name: platformPods.traefik.id, ports: { 80: 8000, 443: 8443 } };
const ARGOCD: Served = { name: platformPods.argocdServer.id, ports: { 80: 8080, 443: 8080 } };
const NAMESPACE = "k8s:io.kubernetes.pod.namespace";

export const appsOf = (
  objects: readonly Fields[],
  policies: readonly Fields[],
): ReadonlyMap<string, SynthesizedApp> =>
  new Map(
    objects.filter(isManagedApplication).map((object) => {
      const name = textOf(fieldsOf(object.metadata).name);
      const spec = fieldsOf(object.spec);
      const namespace = textOf(fieldsOf(spec.destination).namespace);
      const policy = policies.find(({ metadata }) => fieldsOf(metadata).name === `app-${name}`);
      const labels = {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/instance": name,
        ...selectedLabels(policy, namespace, name),
      };
      return [name, { namespace, labels, hostNetwork: holds(valuesOf(object), "hostNetwork", true) }];
    }),
  );

const isManagedApplication = ({ kind, metadata }: Fields): boolean =>
  kind === "Application" && areManagedLabels(fieldsOf(fieldsOf(metadata).labels));

const valuesOf = ({ spec }: Fields): unknown => fieldsOf(fieldsOf(fieldsOf(spec).source).helm).valuesObject;

/** The labels by which an app's own policy selects its pods: the selector that names the app, or else the commonest. */
const selectedLabels = (
  policy: Fields | undefined,
  namespace: string,
  name: string,
): Readonly<Record<string, string>> => {
  const own = listOf(policy?.specs)
    .map((spec) => fieldsOf(fieldsOf(fieldsOf(spec).endpointSelector).matchLabels))
    .filter((labels) => labels[NAMESPACE] === namespace)
    .map(({ [NAMESPACE]: _, ...labels }) => JSON.stringify(labels));
  const count = (text: string) => own.filter((other) => other === text).length;
  const [best] = own.toSorted(
    (a, b) => Number(b.includes(`"${name}"`)) - Number(a.includes(`"${name}"`)) || count(b) - count(a),
  );
  return Object.fromEntries(
    Object.entries(fieldsOf(best === undefined ? {} : JSON.parse(best))).map(([key, value]) => [
      key.replace(/^k8s:/, ""),
      textOf(value),
    ]),
  );
};

const holds = (value: unknown, key: string, wanted: unknown): boolean => {
  if (Array.isArray(value)) return value.some((item) => holds(item, key, wanted));
  if (!isFields(value)) return false;
  return value[key] === wanted || Object.values(value).some((item) => holds(item, key, wanted));
};

/** Finds the app behind each host name and address, by the routes, Services and nodes of the output. */
export const servedBy = (
  blocks: readonly AddressedBlock[],
  objects: readonly Fields[],
): ReadonlyMap<string, Served> =>
  new Map([
    ...blocks.flatMap(({ type, block }): [string, Served][] => {
      if (type.startsWith("kubernetes_ingress"))
        return listOf(fieldsOf(only(block.spec)).rule).map((rule) => [textOf(fieldsOf(rule).host), GATEWAY]);
      if (type === "talos_machine_configuration_apply")
        return [[textOf(block.node), { name: ENDS.remoteNode, ports: {} }]];
      if (type !== "helm_release" || block.chart !== "argo-cd") return [];
      const values = fieldsOf(parse(listOf(block.values).map(textOf).at(-1) ?? ""));
      const hosts = [textOf(fieldsOf(values.global).domain), ...addressesIn(values)];
      return hosts.map((host) => [host, ARGOCD]);
    }),
    ...objects.filter(isManagedApplication).flatMap((object) => {
      const name = textOf(fieldsOf(object.metadata).name);
      const served = name === "traefik" ? GATEWAY : { name: `apps/${name}`, ports: {} };
      return addressesIn(valuesOf(object)).map((address): [string, Served] => [address, served]);
    }),
  ]);

const only = (value: unknown): unknown => (Array.isArray(value) ? value[0] : value);

const addressesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === ADDRESS
      ? textOf(item)
          .split(",")
          .map((address) => address.trim())
      : addressesIn(item),
  );
};
