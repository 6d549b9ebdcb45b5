/** All checks at once, none of them longer than the deadline, none of them changing the cluster. */
import type { Environment } from "../../environments/schema.ts";
import { type ConfigurationFiles, kubeconfigCheck, talosconfigCheck, vipCheck } from "./certificates.ts";
import { backupCheck, capacityCheck, defaultDenyCheck, nodesCheck, talosApiCheck } from "./cluster.ts";
import { type Diagnosis, type Report, unknown } from "./diagnosis.ts";
import { configurationCheck, etcdCheck, imagesCheck } from "./machines.ts";
import type { Probes } from "./probes.ts";
import { backupBucketCheck, clockCheck, lockCheck, stateCheck } from "./storage.ts";
import { ageCheck, kubectlCheck, nodeCheck, talosctlCheck, terraformCheck } from "./tools.ts";

/** Milliseconds for the whole: all checks run side by side. */
const DEADLINE = 11_000;

type Check = (probes: Probes, environment: Environment, files: ConfigurationFiles) => Promise<Diagnosis[]>;

/** Checks by the name under which one that breaks is reported, in the order of the report. */
const CHECKS: Readonly<Record<string, Check>> = {
  node: nodeCheck,
  terraform: terraformCheck,
  talosctl: talosctlCheck,
  kubectl: kubectlCheck,
  age: ageCheck,
  clock: clockCheck,
  state: stateCheck,
  lock: lockCheck,
  "backup bucket": backupBucketCheck,
  talosconfig: talosconfigCheck,
  kubeconfig: kubeconfigCheck,
  "Talos API": talosApiCheck,
  "virtual IP": vipCheck,
  nodes: nodesCheck,
  images: imagesCheck,
  etcd: etcdCheck,
  configuration: configurationCheck,
  "default deny": defaultDenyCheck,
  "last backup": backupCheck,
  capacity: capacityCheck,
};

const REMOTE = ["state", "backup bucket", "Talos API", "virtual IP"];

/**
 * Runs all checks; each finding says the state of a thing and what to do. Never throws, never longer than the
 * deadline.
 */
export const examine = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles = {},
): Promise<Report> => {
  const results = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) => bounded(name, () => check(probes, environment, files))),
  );
  const findings = results.flat();
  return { environment: environment.name, findings, summary: summaryOf(environment, findings) };
};

const bounded = async (name: string, check: () => Promise<Diagnosis[]>): Promise<Diagnosis[]> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Diagnosis[]>((resolve) => {
    timer = setTimeout(
      () =>
        resolve([
          unknown(name, `no answer within ${DEADLINE / 1000} s`, "look again, or look at the network"),
        ]),
      DEADLINE,
    );
  });
  // The message of a probe's exception may quote what it read, so it is not repeated.
  const look = async () => check();
  const looked = look().catch(() => [
    unknown(name, "could not be looked at", "look again, or look at the network"),
  ]);
  try {
    return await Promise.race([looked, late]);
  } finally {
    clearTimeout(timer);
  }
};

const summaryOf = ({ name, cluster }: Environment, findings: readonly Diagnosis[]): string => {
  const remote = findings.filter(({ check }) => REMOTE.includes(check));
  if (remote.every(({ status }) => status === "fail" || status === "unknown")) {
    return `${name}: nothing answers, neither the S3 server nor the virtual IP nor all of the nodes. Is this workstation in the network of ${cluster.subnet}? Begin there; the rest follows from it.`;
  }
  const count = (status: Diagnosis["status"]): number =>
    findings.filter((each) => each.status === status).length;
  if (count("ok") === findings.length) return `${name}: all is well.`;
  return `${name}: ${count("fail")} wrong, ${count("warn")} to see to, ${count("unknown")} unknown, ${count("ok")} well.`;
};
