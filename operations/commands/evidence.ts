import { Option } from "@commander-js/extra-typings";

/** Options for facts that no plan holds. */
export const etcdMembersOption = () =>
  new Option("--etcd-members <file>", "output of: talosctl etcd members");
export const quotaUseOption = () =>
  new Option("--quota-use <file>", "output of: kubectl get resourcequota --all-namespaces -o json");
export const runningOption = () => new Option("--running <file>", "output of: kubectl get nodes -o json");
