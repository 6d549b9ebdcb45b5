/** The programs of the workstation. */
import { gte, major, satisfies } from "semver";
import type { Environment } from "../../environments/schema.ts";
import { NODE_ENDS, TERRAFORM_ENDS } from "../../environments/support.ts";
import { minorOf } from "../../environments/versions.ts";
import { failureOf } from "../../lib/core/process/command.ts";
import { type Diagnosis, fail, ok, warn } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";

const NODE = ">=20.19.0";
/** `use_lockfile` and write-only attributes: see `stacks/homelab-stack.ts`. */
const TERRAFORM = "1.11.0";
const TIMEOUT = 8_000;

const VERSION = /v?(\d+\.\d+\.\d+)/;

/** The version that a program prints; undefined when it is not there or says none. */
const versionOf = async (
  { run }: Probes,
  command: string,
  args: readonly string[],
): Promise<string | undefined> => {
  const result = await run(command, args, { timeout: TIMEOUT });
  return failureOf(result) === undefined ? VERSION.exec(result.stdout)?.[1] : undefined;
};

export const nodeCheck = async ({ nodeVersion, now }: Probes): Promise<Diagnosis[]> => {
  if (!satisfies(nodeVersion, NODE))
    return [fail("node", `${nodeVersion} is too old`, `install Node.js ${NODE}`)];
  const end = NODE_ENDS[String(major(nodeVersion))];
  return [ok("node", `${nodeVersion}${sinceWhen(end, now)}`)];
};

/** The words for a version whose fixes have ended; none before that. */
const sinceWhen = (end: string | undefined, now: Probes["now"]): string =>
  end !== undefined && end < new Date(now()).toISOString().slice(0, 10)
    ? `, which gets no fixes since ${end}`
    : "";

export const terraformCheck = async (probes: Probes): Promise<Diagnosis[]> => {
  const [terraform, tofu] = await Promise.all([
    versionOf(probes, "terraform", ["version", "-json"]),
    versionOf(probes, "tofu", ["version", "-json"]),
  ]);
  const found = (["terraform", "tofu"] as const).flatMap((name) => {
    const version = { terraform, tofu }[name];
    return version === undefined ? [] : [{ name, version }];
  });
  const good = found.find(({ version }) => gte(version, TERRAFORM));
  if (good) {
    const end = TERRAFORM_ENDS[good.name][minorOf(good.version)];
    return [ok("terraform", `${good.name} ${good.version}${sinceWhen(end, probes.now)}`)];
  }
  const [old] = found;
  return [
    old
      ? fail("terraform", `${old.name} ${old.version} is too old`, `install ${TERRAFORM} or newer`)
      : fail("terraform", "neither terraform nor tofu answers", `install one of them, ${TERRAFORM} or newer`),
  ];
};

/** talosctl of the minor that runs: https://docs.siderolabs.com/talos/v1.12/configure-your-talos-cluster/lifecycle-management/upgrading-talos */
export const talosctlCheck = async (probes: Probes, { versions }: Environment): Promise<Diagnosis[]> => {
  const version = await versionOf(probes, "talosctl", ["version", "--client", "--short"]);
  if (version === undefined) {
    return [fail("talosctl", "does not answer", `install talosctl ${versions.talos}`)];
  }
  return [
    minorOf(version) === minorOf(versions.talos)
      ? ok("talosctl", version)
      : warn(
          "talosctl",
          `${version}, the environment has ${versions.talos}`,
          `install talosctl ${versions.talos}`,
        ),
  ];
};

/** kubectl within one minor of the API server: https://kubernetes.io/releases/version-skew-policy */
export const kubectlCheck = async (probes: Probes, { versions }: Environment): Promise<Diagnosis[]> => {
  const version = await versionOf(probes, "kubectl", ["version", "--client", "-o", "json"]);
  if (version === undefined) {
    return [fail("kubectl", "does not answer", `install kubectl ${versions.kubernetes}`)];
  }
  const [ownMajor, ownMinor] = minorOf(version).split(".").map(Number);
  const [apiMajor, minor] = minorOf(versions.kubernetes).split(".").map(Number);
  const isNear = ownMajor === apiMajor && Math.abs((ownMinor ?? 0) - (minor ?? 0)) <= 1;
  return [
    isNear
      ? ok("kubectl", version)
      : warn(
          "kubectl",
          `${version} is more than one minor away from ${versions.kubernetes}`,
          `install kubectl ${versions.kubernetes}`,
        ),
  ];
};

export const ageCheck = async (probes: Probes): Promise<Diagnosis[]> => {
  const version = await versionOf(probes, "age", ["--version"]);
  return [
    version === undefined
      ? warn("age", "does not answer", "install age: without it no backup can be read")
      : ok("age", version),
  ];
};
