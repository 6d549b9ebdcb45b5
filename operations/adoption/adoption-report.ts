import { type BrownfieldShape, DIFFERENCE_NAMES, DIFFERENCES } from "../../environments/differences.ts";
import type { Environment } from "../../environments/schema.ts";
import { tableLines } from "../../lib/core/text-table.ts";
import type { RunningFacts } from "./state.ts";
import type { Survey } from "./survey.ts";

/** The text that an operator reads, ending in the commands to run; nothing runs by itself. */
export const adoptionReport = (
  environment: Pick<Environment, "name" | "nodes" | "versions">,
  { shape, mapped, problems, remarks, expected, found }: Survey,
  running: RunningFacts,
): string => {
  const head = `${environment.name}: shape ${shape}, ${found} managed instances, ${expected} expected`;
  const notes = remarks.map((remark) => `  note: ${remark}`);
  const fates = tableLines(
    mapped.map(({ from, fate, to }) => [`  ${fate}`, `${from}${to ? ` → ${to}` : ""}`]),
  );
  if (problems.length > 0 || shape === "unknown") {
    const lines = problems.map((problem) => `  ${problem}`);
    return [head, ...fates, ...notes, `Refused, ${problems.length} problems:`, ...lines].join("\n");
  }
  if (shape === "adopted") return [head, ...notes, "Nothing to do: this state is adopted."].join("\n");
  return [
    head,
    ...fates,
    ...notes,
    "",
    "What differs from what runs, and can be withheld by name:",
    ...tableLines(
      DIFFERENCE_NAMES.map((name) => [`  ${name}`, DIFFERENCES[name].effect, DIFFERENCES[name].what]),
    ),
    "",
    `1. Add this to environments/${environment.name}.ts, so that nothing changes at first, and commit it:`,
    ...adoptionBlock(shape, environment, running),
    "",
    "2. Run these, one after the other, and read each answer. Stop at the first that is not as described in",
    "   docs/runbooks/adoption.md.",
    ...commands(environment.name).map((line) => `   ${line}`),
  ].join("\n");
};

const adoptionBlock = (
  shape: BrownfieldShape,
  { versions }: Pick<Environment, "versions">,
  { talosContract, installImages, kubernetesVersions }: RunningFacts,
): string[] => {
  const read = (values: readonly string[], where: string, otherwise: string) =>
    values.length === 1
      ? `"${values[0]}",`
      : `"${otherwise}", // ${values.length === 0 ? "not in this list" : `several: ${values.join(", ")}`}: check with ${where}`;
  const contract = talosContract === undefined ? [] : [talosContract];
  return [
    "   adoption: {",
    `     shape: "${shape}",`,
    `     talosContract: ${read(contract, "talos_machine_secrets.talos_version in the state", "v1.11.0")}`,
    `     installImage: ${read(installImages, "talosctl get machineconfig", "factory.talos.dev/installer/…:v1.11.5")}`,
    `     kubernetes: ${read(kubernetesVersions, "kubectl get nodes", versions.kubernetes)}`,
    "     withhold: [",
    ...DIFFERENCE_NAMES.map((name) => `       "${name}",`),
    "     ],",
    '     absent: [], // what step 2 does not find, e.g. "namespace/velero"',
    "   },",
  ];
};

const commands = (name: string): string[] => {
  const backup = `"$HOME/terraform-state-${name}-before-adoption.tfstate"`;
  const stack = `cdktf.out/stacks/${name}-cluster`;
  return [
    "# The state, before anything else. Run it where the old Terraform runs; it must not run again after this.",
    `terraform state pull > ${backup}`,
    `test -s ${backup} && sha256sum ${backup}  # copy the file to another machine`,
    "# A snapshot of etcd, and what every node runs; the second must name no difference for any node.",
    `talosctl etcd snapshot "$HOME/etcd-${name}.db" --nodes <a control plane>`,
    `npm run homelab -- adopt ${name} --state ${backup}`,
    "# What exists already: whatever is missing here goes into adoption.absent.",
    "kubectl get namespace,priorityclass",
    "# The plan: nothing to add, nothing to destroy, machine secrets unchanged, the same configuration per node.",
    `export CDKTF_CONTEXT_JSON='{"adopt":"${name}"}'`,
    "npm run synth",
    `terraform -chdir=${stack} init`,
    `terraform -chdir=${stack} plan -refresh=false -out=adopt.tfplan`,
    `terraform -chdir=${stack} show -json adopt.tfplan > adopt.json`,
    `npm run homelab -- guard adopt.json --env ${name} --stack ${name}-cluster --markdown`,
    `terraform -chdir=${stack} apply adopt.tfplan`,
    `rm -f adopt.json ${stack}/adopt.tfplan  # both hold the cluster's secrets`,
    "# The other layers: imports, and what is new. Each plan is guarded and shown before it is applied.",
    `npm run homelab -- deploy ${name}`,
    "# Nothing is left to do:",
    `terraform -chdir=${stack} state list | npm run homelab -- adopt ${name}`,
    `# The way back, as long as nothing else was applied: terraform state push -force ${backup}`,
  ];
};
