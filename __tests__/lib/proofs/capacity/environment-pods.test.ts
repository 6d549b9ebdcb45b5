import { expect, test } from "vitest";
import { apps } from "../../../../apps/index.ts";
import { recordedCharts } from "../../../../environments/recorded/chart-request.ts";
import type { Environment } from "../../../../environments/schema.ts";
import { appsIn } from "../../../../lib/app/catalogue.ts";
import { environmentPods } from "../../../../lib/proofs/capacity/environment-pods.ts";
import { parsed } from "../../../stacks/homelab.ts";

const podsOf = (environment: Environment) =>
  environmentPods(environment, [...appsIn(apps, environment).values()], recordedCharts);
const prod = parsed("prod");
const pods = podsOf(prod);
const named = (name: string, of = pods) => {
  const found = of.find((pod) => pod.name === name);
  if (!found) throw new Error(`${name}: no such pod`);
  return found;
};

test("a DaemonSet has a pod on each node that takes it, however many there are", () => {
  expect(named("node-exporter").count).toBe(5);
  const [worker] = prod.nodes.filter(({ role }) => role === "worker");
  if (!worker) throw new Error("prod must have a worker");
  const more = ["pia", "pam"].map((name) => ({ ...worker, name }));
  const larger = podsOf({ ...prod, nodes: [...prod.nodes, ...more] });
  for (const name of ["node-exporter", "fluent-bit", "node-agent", "cilium"])
    expect(named(name, larger).nodes).toEqual([...(named(name).nodes ?? []), "pia", "pam"]);
});

test("requests are those that run, not those that are sent", () => {
  expect(String(named("radar").requests.memory)).toBe("128Mi");
  expect(String(named("homeassistant").limits.memory)).toBe("2Gi");
});

test("pods of operators are among them, of the size that their label says", () => {
  expect(String(named("vmsingle-vm-stack").requests.memory)).toBe("512Mi");
  expect(String(named("vmagent-vm-stack").requests.memory)).toBe("128Mi");
  expect(String(named("postgresql-shared").limits.memory)).toBe("1Gi");
});

test("the platform's have their priorities, and jobs do not last", () => {
  expect(named("cilium").priority).toBe(2_000_001_000);
  expect(named("coredns")).toMatchObject({ count: 2, priority: 2_000_000_000, lasts: true });
  expect(named("etcd-backup-daily").lasts).toBe(false);
});
