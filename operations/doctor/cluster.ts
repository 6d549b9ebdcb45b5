/** Checks the cluster through kubectl. */
import { z } from "zod";
import type { Backup } from "../../environments/absent.ts";
import type { Environment } from "../../environments/schema.ts";
import { kubectlAnswer, listOfObjects } from "../../lib/core/kubernetes/kubectl-answer.ts";
import { etcdBackupAccess, etcdBackupCronJob } from "../../lib/core/platform/etcd-backup-access.ts";
import { commandLine, failureOf } from "../../lib/core/process/command.ts";
import { Quantity } from "../../lib/core/values/quantity.ts";
import type { ConfigurationFiles } from "./certificates.ts";
import { type Diagnosis, fail, ok, unknown, warn } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";

const TIMEOUT = 9_000;

const MINUTE = 60_000;
const DENY = "platform-default-deny";

/** Reasons why kubectl failed, in words of our own: what it prints may hold credentials. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/ENOENT/, "kubectl is not installed"],
  [/not ?found/i, "it is not there"],
  [/unauthorized|forbidden|must be logged in/i, "kubectl is not allowed to see it"],
  [/x509|certificate|tls/i, "the certificates do not fit"],
  [
    /refused|no route|timeout|timed out|unable to connect|dial tcp|no such host/i,
    "the API server does not answer",
  ],
];

class Unseen extends Error {}

const kubectl = async <T>(
  probes: Probes,
  { kubeconfig }: ConfigurationFiles,
  args: readonly string[],
  shape: z.ZodType<T>,
): Promise<T> => {
  const all = [...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]), ...args, "-o", "json"];
  const result = await probes.run("kubectl", [...all, "--request-timeout=8s"], { timeout: TIMEOUT });
  if (failureOf(result) !== undefined) {
    const reason = REASONS.find(([pattern]) => pattern.test(result.stderr))?.[1];
    throw new Unseen(
      reason ?? (result.timedOut ? "the API server does not answer" : `kubectl failed (${result.code})`),
    );
  }
  try {
    return kubectlAnswer(result.stdout, shape);
  } catch {
    throw new Unseen(
      `kubectl gave another answer than expected to ${commandLine({ command: "kubectl", args })}`,
    );
  }
};

/** Turns an exception into a finding: a check that could not look says so. */
const looking = async (check: string, look: () => Promise<Diagnosis[]>): Promise<Diagnosis[]> => {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Unseen)
      return [unknown(check, error.message, "see the lines above, then look again")];
    throw error;
  }
};

export const talosApiCheck = async (probes: Probes, { nodes }: Environment): Promise<Diagnosis[]> => {
  const answers = await Promise.all(
    nodes.map(async (node) => {
      const address = node.address.toString();
      const answered = await probes.connect(address, etcdBackupAccess.talosApiPort, TIMEOUT).then(
        () => true,
        () => false,
      );
      return { name: node.name, address, answered };
    }),
  );
  const silent = answers
    .filter(({ answered }) => !answered)
    .map(({ name, address }) => `${name} (${address})`);
  return [
    silent.length === 0
      ? ok("Talos API", `all ${nodes.length} nodes answer`)
      : fail(
          "Talos API",
          `${silent.join(", ")} of ${nodes.length} nodes do not answer`,
          "switch them on, or look at the network",
        ),
  ];
};

const nodeList = listOfObjects(
  z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({ unschedulable: z.boolean().optional() }),
    status: z.object({
      allocatable: z.object({ memory: z.string() }),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })),
      nodeInfo: z.object({ kubeletVersion: z.string(), osImage: z.string() }),
    }),
  }),
);

export const nodesCheck = (
  probes: Probes,
  { nodes, versions, name }: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> =>
  looking("nodes", async () => {
    const { items } = await kubectl(probes, files, ["get", "nodes"], nodeList);
    const found = new Map(items.map((item) => [item.metadata.name, item]));
    const wrong = nodes.flatMap((node) => {
      const item = found.get(node.name);
      if (!item) return [`${node.name} is missing`];
      const isReady = item.status.conditions.some(
        ({ type, status }) => type === "Ready" && status === "True",
      );
      return [
        ...(isReady ? [] : [`${node.name} is not Ready`]),
        ...(item.spec.unschedulable ? [`${node.name} is cordoned`] : []),
      ];
    });
    const strangers = [...found.keys()].filter((other) => !nodes.some((node) => node.name === other));
    const versionsOff = items.flatMap(({ metadata, status: { nodeInfo } }) => {
      const talos = /\((v[^)]+)\)/.exec(nodeInfo.osImage)?.[1] ?? nodeInfo.osImage;
      return [
        ...(talos === versions.talos ? [] : [`${metadata.name} has Talos ${talos}`]),
        ...(nodeInfo.kubeletVersion === versions.kubernetes
          ? []
          : [`${metadata.name} has kubelet ${nodeInfo.kubeletVersion}`]),
      ];
    });
    const all = [...wrong, ...strangers.map((other) => `${other} is in no environment`)];
    return [
      all.length === 0
        ? ok("nodes", `${nodes.length} Ready`)
        : fail(
            "nodes",
            all.join(", "),
            `kubectl describe node, and npm run homelab -- upgrade ${name}, which only looks`,
          ),
      versionsOff.length === 0
        ? ok("versions", `Talos ${versions.talos}, Kubernetes ${versions.kubernetes} on all nodes`)
        : warn(
            "versions",
            `${versionsOff.join(", ")}; the environment says ${versions.talos} and ${versions.kubernetes}`,
            `npm run homelab -- upgrade ${name}, or correct the environment; no deploy of ${name}-cluster before`,
          ),
    ];
  });

const configMap = z.object({ data: z.record(z.string(), z.string()) });
const policyList = listOfObjects(z.object({ metadata: z.object({ name: z.string() }) }));

/** Audit is a setting of the agents, `policy-audit-mode` of Cilium's ConfigMap; the deny is a policy. */
export const defaultDenyCheck = (
  probes: Probes,
  { networkPolicy, name }: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> =>
  looking("default deny", async () => {
    const [{ data }, { items }] = await Promise.all([
      kubectl(probes, files, ["-n", "kube-system", "get", "configmap", "cilium-config"], configMap),
      kubectl(probes, files, ["get", "ciliumclusterwidenetworkpolicies.cilium.io"], policyList),
    ]);
    const denies = items.some(({ metadata }) => metadata.name === DENY);
    const audits = data["policy-audit-mode"] === "true";
    const mode = denies ? (audits ? "audit" : "enforce") : "off";
    return [
      mode === networkPolicy.mode
        ? ok("default deny", mode)
        : fail(
            "default deny",
            `${mode}; the environment says ${networkPolicy.mode}`,
            `npm run homelab -- deploy ${name}-platform`,
          ),
    ];
  });

const cronJob = z.object({
  spec: z.object({ suspend: z.boolean().optional() }),
  status: z.object({ lastSuccessfulTime: z.string().optional() }).optional(),
});

/** Each tier has a CronJob. The first one's must have run; a rarer one's may still have to. */
export const backupCheck = (
  probes: Probes,
  { backup }: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> =>
  looking("last backup", async () => {
    const { namespace } = etcdBackupAccess;
    const findings = (backup?.tiers ?? []).map(async (tier, index) => {
      const name = etcdBackupCronJob(tier.name);
      const found = await kubectl(probes, files, ["-n", namespace, "get", "cronjob", name], cronJob);
      return tierFinding(found, tier, { isFirst: index === 0, now: probes.now() });
    });
    return Promise.all(findings);
  });

const tierFinding = (
  { spec, status }: z.output<typeof cronJob>,
  { name, schedule }: Backup["tiers"][number],
  { isFirst, now }: { readonly isFirst: boolean; readonly now: number },
): Diagnosis => {
  const todo = `kubectl -n ${etcdBackupAccess.namespace} get jobs,pods, and their logs`;
  if (spec.suspend)
    return fail("last backup", `${name}: the CronJob is suspended`, `resume it, then ${todo}`);
  const last = Date.parse(status?.lastSuccessfulTime ?? "");
  if (Number.isNaN(last)) return (isFirst ? fail : warn)("last backup", `${name}: there was none yet`, todo);
  const minutes = Math.round((now - last) / MINUTE);
  const says = `${name}: ${Math.floor(minutes / 60)} h ${minutes % 60} min ago, on schedule ${schedule}`;
  const gap = schedule.longestGapMinutes;
  if (minutes > 2 * gap) return fail("last backup", says, todo);
  return minutes > gap + 60 ? warn("last backup", says, todo) : ok("last backup", says);
};

const requests = z.object({ requests: z.object({ memory: z.string().optional() }).optional() }).optional();
const podList = listOfObjects(
  z.object({
    spec: z.object({ containers: z.array(z.object({ resources: requests })) }),
    status: z.object({ phase: z.string() }),
  }),
);

const percent = (part: Quantity, whole: Quantity): number =>
  Math.round((part.toNumber() / whole.toNumber()) * 100);

/**
 * Checks that the memory requested fits without the largest node: in prod, nodes that restarted at 99 % of memory
 * requested pulled the others down.
 */
export const capacityCheck = (
  probes: Probes,
  _: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> =>
  looking("capacity", async () => {
    const [{ items: nodes }, { items: pods }] = await Promise.all([
      kubectl(probes, files, ["get", "nodes"], nodeList),
      kubectl(probes, files, ["get", "pods", "-A"], podList),
    ]);
    const memory = nodes
      .map(({ status }) => Quantity.parse(status.allocatable.memory))
      .toSorted((a, b) => b.compare(a));
    const requested = Quantity.sum(
      pods
        .filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed")
        .flatMap(({ spec }) => spec.containers)
        .map(({ resources }) => Quantity.parse(resources?.requests?.memory ?? "0")),
    );
    const [whole, without] = [Quantity.sum(memory), Quantity.sum(memory.slice(1))];
    const says = `${percent(requested, whole)} % of memory is requested`;
    if (requested.isMoreThan(whole)) return [fail("capacity", says, "request less, or add a node")];
    if (memory.length > 1 && requested.isMoreThan(without)) {
      return [
        warn("capacity", `${says}; it does not fit without the largest node`, "request less, or add a node"),
      ];
    }
    return [
      ok(
        "capacity",
        memory.length > 1 ? `${says}, ${percent(requested, without)} % without the largest node` : says,
      ),
    ];
  });
