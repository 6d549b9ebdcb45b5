/** talosctl v1.12 as its reference has it: the flags of each command that a runbook uses, beside those of all. */
export const GLOBAL_FLAGS = ["--endpoints", "--nodes", "--talosconfig"];

export const TALOSCTL: Readonly<Record<string, readonly string[]>> = {
  bootstrap: ["--recover-from", "--recover-skip-hash-check"],
  cp: [],
  dmesg: [],
  "etcd alarm disarm": [],
  "etcd alarm list": [],
  "etcd members": [],
  "etcd remove-member": [],
  "etcd snapshot": [],
  "etcd status": [],
  "gen secrets": ["--from-controlplane-config", "--output-file"],
  get: ["--output", "--insecure"],
  kubeconfig: [],
  reset: ["--graceful", "--reboot", "--system-labels-to-wipe", "--wait"],
  "rotate-ca": ["--control-plane-nodes", "--worker-nodes", "--dry-run", "--output"],
  service: [],
  time: [],
  version: ["--client", "--short"],
};
