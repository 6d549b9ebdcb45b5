import type { HttpUrl } from "../../lib/core/values/http-url.ts";
import { Ipv4Address } from "../../lib/core/values/ipv4-address.ts";
import { suggestion } from "../did-you-mean.ts";
import { extensionsOf } from "../extensions.ts";
import type { Facts, Located } from "../facts.ts";
import type { Finding } from "../problem.ts";
import { secretServerOf } from "../secret-store.ts";
import { minorOf } from "../versions.ts";
import { isOfCluster } from "./resolvers.ts";
import type { Rule } from "./rule.ts";

/** Hosts that must answer while the cluster is down: its state, backups, secrets and time. */
const neededHosts = ({ draft }: Facts): Located<string>[] => {
  const { state, backup, secretStore, timeServers, nas } = draft;
  const urls: [path: string, url: HttpUrl | null | undefined][] = [
    ["state.endpoint", state?.kind === "s3" ? state.endpoint : undefined],
    ["backup.endpoint", backup?.endpoint],
    ["backup.copy.endpoint", backup?.copy?.endpoint],
    ["backup.volumes.endpoint", backup?.volumes?.endpoint],
    ["secretStore.server", secretServerOf(secretStore)],
  ];
  return [
    ...urls.flatMap(([path, url]) => (url == null ? [] : [{ path, value: url.hostname }])),
    ...(timeServers ?? []).flatMap((value, index) =>
      value === undefined ? [] : [{ path: `timeServers[${index}]`, value: `${value}` }],
    ),
    ...(nas?.address === undefined ? [] : [{ path: "nas.address", value: `${nas.address}` }]),
  ];
};

/** Says what a host is to the cluster that alone answers it; undefined for a host outside of it. */
const answeredBy = (facts: Facts, host: string): string | undefined => {
  const { draft, podSubnet, serviceSubnet } = facts;
  if (Ipv4Address.isValid(host)) {
    const address = Ipv4Address.parse(host);
    if (podSubnet?.contains(address)) return `an address of pods, cluster.podSubnet ${podSubnet}`;
    if (serviceSubnet?.contains(address))
      return `an address of Services, cluster.serviceSubnet ${serviceSubnet}`;
    return isOfCluster(facts, address)
      ? "the address of a node, the virtual IP or a load balancer"
      : undefined;
  }
  const labels = host.split(".");
  if (/(^|\.)cluster\.local$/.test(host) || labels.includes("svc")) return "a name of the cluster's DNS";
  const namespaces = (draft.namespaces ?? []).map((each) => each?.name);
  if (labels.length === 2 && namespaces.includes(labels[1])) return `the name of a Service in ${labels[1]}`;
  return host === draft.argocd?.hostname ? "ArgoCD's own name" : undefined;
};

/** The night on which the cluster is down is the one on which these are needed. */
function* outsideOfCluster(facts: Facts): Iterable<Finding> {
  const domain = facts.draft.edge?.domain;
  for (const { path, value } of neededHosts(facts)) {
    const part = answeredBy(facts, value);
    if (part !== undefined)
      yield { path, rule: `must be answered while the cluster is down, and is ${part}`, value };
    else if (value.split(".").slice(1).join(".") === domain)
      yield {
        path,
        rule: `must not be a name as apps have it, directly below edge.domain ${domain}: the cluster's own routes answer those`,
        value,
        riskId: `endpoint-${value}`,
      };
  }
}

/** An address for a name that nothing here has helps nobody. */
function* storageServer(facts: Facts): Iterable<Finding> {
  const host = facts.draft.nas?.host;
  if (host !== undefined && !neededHosts(facts).some(({ value }) => value === host))
    yield {
      path: "nas.host",
      rule: "must be the host of an endpoint of state, backup or secrets",
      value: host,
    };
}

/** A misspelt extension would never be found on any node. */
function* extensionsOfClasses({ draft: { storageClasses, versions } }: Facts): Iterable<Finding> {
  const official = versions?.talos === undefined ? undefined : extensionsOf(minorOf(versions.talos));
  for (const { name, extension } of (storageClasses ?? []).flatMap((each) => each ?? []))
    if (extension !== undefined && official?.includes(extension) === false)
      yield {
        path: `storageClasses.${name}.extension`,
        rule: `must be an extension that the Image Factory has for this Talos${suggestion(extension, official)}`,
        value: extension,
      };
}

export const endpointRules: readonly Rule[] = [outsideOfCluster, storageServer, extensionsOfClasses];
