/** Rules for machines, and for the resources that make them one cluster. */
import { displayPath } from "../changes.ts";
import {
  type ChangeDecision,
  harmless,
  known,
  never,
  type Row,
  type Table,
  visible,
  yes,
} from "../classes.ts";
import { isControlPlane, nodeOf, ownAddresses } from "../machines.ts";
import { image } from "./decisions.ts";

const CLIENT: readonly Row[] = [
  ["client_configuration.**", harmless("certificates are renewed")],
  ["client_configuration_wo.**", harmless("certificates are renewed")],
  ["certificate_renewal_duration", known(visible("when certificates are renewed"))],
  ["id", harmless("Terraform's own")],
  ["timeouts.**", harmless("how long Terraform waits")],
];

const KEEP = "put it back into the configuration, or add a moved block; nothing lets this through";

const SECRETS = never("irreplaceable", "the machine secrets are the cluster", KEEP);

const BOOTSTRAP = never(
  "irreplaceable",
  "a cluster is bootstrapped once; a second time starts another etcd",
  KEEP,
);

/** Control planes have rules of their own: see `control-plane` and `etcd-quorum`. */
const removal: ChangeDecision = ({ resource }, { environment }) => {
  const lost = { ...resource, values: resource.before };
  if (isControlPlane(lost, environment))
    return visible("a control plane goes: see control-plane and etcd-quorum");
  const node = nodeOf(resource);
  return yes(
    "node-removal",
    `the machine ${node} would no longer be managed, and runs on with its configuration`,
    `npm run homelab -- node remove ${environment.name} ${node} says the steps; the last one is this waiver`,
  );
};

const WAITS = ["no_reboot", "staged", "staged_if_needing_reboot"];

const applyMode: ChangeDecision = known(({ after }) =>
  WAITS.includes(String(after))
    ? visible("an apply that restarts nothing by itself")
    : yes(
        "machine-restart",
        `an apply in the mode ${after ?? "auto"} may restart the machine at once`,
        "keep no_reboot; stage what needs a restart, one node at a time",
      ),
);

const endpoint: ChangeDecision = known(({ resource, after }, { environment }) =>
  ownAddresses(nodeOf(resource), environment).includes(String(after))
    ? visible("another address of the same machine")
    : yes("unclassed", `${after} is no address of ${nodeOf(resource)}: another machine would be configured`),
);

const LOST_CLUSTER = never("irreplaceable", "machines with another identity are another cluster", KEEP);
const VERSIONED = "which versions fit is decided for all machines together";

const component: ChangeDecision = known((change, context) => {
  const found = image instanceof Function ? image(change, context) : image;
  return found?.rule === "source" ? found : visible(VERSIONED);
});

/** Talos reads it when it installs; an upgrade writes to the disk that the system runs from. */
const installDisk: ChangeDecision = known(({ resource, before, after }, { environment }) =>
  yes(
    "install-disk",
    `the system stays on ${before}: Talos reads machine.install.disk only while it installs, and wipes ${after} then`,
    `npm run homelab -- node disk ${environment.name} ${nodeOf(resource)} --to ${after} says the steps; the waiver belongs to them`,
  ),
);

/** Paths of the document with `machine` and `cluster`, of one machine at a time. */
const MACHINE_CONFIG: readonly Row[] = [
  ["cluster.id", LOST_CLUSTER],
  ["cluster.secret", LOST_CLUSTER],
  ["cluster.etcd.ca.**", LOST_CLUSTER],
  ["cluster.secretboxEncryptionSecret", LOST_CLUSTER],
  ["machine.install.image", component],
  ["machine.install.disk", installDisk],
  ["machine.kubelet.image", component],
  ["cluster.apiServer.image", component],
  ["cluster.controllerManager.image", component],
  ["cluster.scheduler.image", component],
  ["cluster.proxy.image", component],
  ["cluster.etcd.image", component],
  ["machine.sysctls.**", known(visible("a setting of the kernel"))],
  ["machine.nodeLabels.**", known(visible("a label of the node"))],
  ["machine.logging.**", known(visible("where logs go"))],
  ["machine.time.servers.**", known(visible("where the time comes from"))],
  ["machine.kubelet.extraConfig.systemReserved.**", known(visible("what the node keeps for itself"))],
  ["machine.kubelet.extraConfig.kubeReserved.**", known(visible("what the node keeps for itself"))],
  ["machine.kubelet.extraConfig.evictionHard.**", known(visible("when the node evicts"))],
  ["machine.kubelet.nodeIP.**", known(visible("which of its addresses the node gives"))],
  ["cluster.apiServer.auditPolicy.**", known(visible("what the API server logs"))],
  ["cluster.apiServer.resources.**", known(visible("what static pods request"))],
  ["cluster.controllerManager.resources.**", known(visible("what static pods request"))],
  ["cluster.scheduler.resources.**", known(visible("what static pods request"))],
  [
    "**",
    (change) =>
      change.unknown
        ? undefined
        : yes(
            "unclassed",
            `${displayPath(change)} of a machine: a wrong value can split the cluster or lose the machine`,
            "apply it to one machine after reading what Talos does with it, with a waiver",
          ),
  ],
];

const whenMachineGoes: ChangeDecision = ({ resource }) =>
  resource.kind === "update" || resource.kind === "no-op" ? undefined : visible("see its machine");

const SENT = { created: whenMachineGoes, destroyed: whenMachineGoes, forgotten: whenMachineGoes } as const;

const REPORTED = harmless("the provider reports it");

export const TALOS: Table = {
  talos_machine_secrets: {
    created: visible("the secrets of a new cluster"),
    destroyed: SECRETS,
    forgotten: SECRETS,
    changed: [
      ...CLIENT,
      ["machine_secrets.**", never("irreplaceable", "the secrets themselves would change", KEEP)],
    ],
  },
  talos_machine_bootstrap: {
    created: visible("a cluster begins"),
    destroyed: BOOTSTRAP,
    forgotten: BOOTSTRAP,
    changed: [
      ...CLIENT,
      ["node", visible("the cluster is bootstrapped already")],
      ["endpoint", visible("the cluster is bootstrapped already")],
    ],
  },
  talos_cluster_kubeconfig: {
    created: visible("credentials of the cluster"),
    forgotten: harmless("it can be asked for again"),
    changed: [
      ...CLIENT,
      ["node", visible("which machine gives the credentials")],
      ["endpoint", visible("which machine gives the credentials")],
      ["kubeconfig_raw", harmless("certificates are renewed")],
      ["kubernetes_client_configuration.**", harmless("certificates are renewed")],
    ],
  },
  talos_image_factory_schematic: {
    created: visible("an image that machines can install"),
    destroyed: visible("the factory keeps the image"),
    forgotten: visible("the factory keeps the image"),
    changed: [
      ["schematic.**", known(visible("machines install it when their configuration says so"))],
      ["id", REPORTED],
    ],
  },
  talos_machine_configuration_apply: {
    created: visible("a machine is configured"),
    destroyed: removal,
    forgotten: removal,
    changed: [
      ...CLIENT,
      ["apply_mode", applyMode],
      ["node", endpoint],
      ["endpoint", endpoint],
      ["machine_configuration_hash", REPORTED],
      ["resolved_apply_mode", REPORTED],
      [
        "on_destroy.reset",
        known(({ after }) =>
          after === true
            ? never("node-reset", "taking the machine out later would wipe it", "leave on_destroy out")
            : harmless("nothing wipes the machine"),
        ),
      ],
    ],
  },
  MachineConfig: { ...SENT, changed: MACHINE_CONFIG },
  TimeSyncConfig: { ...SENT, changed: [["ntp.servers.**", known(visible("where the time comes from"))]] },
};

/** Documents of a machine beside its main one are known by no rule: they come and go with their machine. */
export const OTHER_DOCUMENT = { ...SENT, changed: [] };
