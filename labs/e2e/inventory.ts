/** Everything that an API server stores, to see what a run left. */
import type { SandboxKubectl } from "./kubectl.ts";

/** Kinds of objects that come and go by themselves. */
const RESTLESS = /^(Event|Lease|EndpointSlice|Endpoints|ServiceCIDR|IPAddress|APIService)\b/;

/** `Kind namespace/name` of every object, sorted. */
export const clusterInventory = async (kubectl: SandboxKubectl): Promise<string[]> => {
  const resources = await kubectl.must(["api-resources", "--verbs=list,delete", "-o", "name"]);
  const output = await kubectl.must([
    ...["get", resources.trim().split("\n").join(","), "--all-namespaces", "--no-headers"],
    ...["-o", "custom-columns=KIND:.kind,NAMESPACE:.metadata.namespace,NAME:.metadata.name"],
  ]);
  return output
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((columns): columns is [string, string, string] => columns.length === 3)
    .map(([kind, namespace, name]) => `${kind} ${namespace === "<none>" ? "" : `${namespace}/`}${name}`)
    .filter((line) => !RESTLESS.test(line))
    .sort();
};
