/**
 * The rules of the guard by name, each with what it refuses; an environment's `waivers` can let the `waivable` ones
 * through.
 */
export const GUARD_RULES = {
  "readable-plan": {
    refuses: "a plan that is partial, deferred or holds actions nobody knows",
    waivable: false,
  },
  unclassed: { refuses: "a change that no rule knows to be harmless", waivable: true },
  irreplaceable: {
    refuses: "losing or re-creating machine secrets, the bootstrap or the backup bucket",
    waivable: false,
  },
  "control-plane": { refuses: "destroying, replacing or forgetting a control plane", waivable: true },
  "etcd-quorum": {
    refuses: "taking a control plane out while etcd counts it as a member, or below a quorum",
    waivable: false,
  },
  "node-reset": { refuses: "a removal that wipes the machine", waivable: false },
  "node-removal": { refuses: "destroying, replacing or forgetting a worker", waivable: true },
  "machine-restart": { refuses: "an apply that may restart machines", waivable: true },
  "install-disk": { refuses: "another install disk, which moves no installed system", waivable: true },
  "one-node": { refuses: "more than one node changed by one plan", waivable: true },
  "version-skew": {
    refuses: "versions that skip a minor, go back, or do not fit each other",
    waivable: true,
  },
  source: { refuses: "another repository, chart or image of what runs", waivable: true },
  provisioner: { refuses: "a resource with provisioners, or made only to run them", waivable: true },
  "must-live-flow": { refuses: "network policies that close a flow which must live", waivable: true },
  "opened-flow": {
    refuses: "network policies that open a flow to the world or across namespaces, or that cannot be read",
    waivable: true,
  },
  capacity: { refuses: "quotas that no longer fit the nodes with one of them lost", waivable: true },
  backup: { refuses: "backups that stop, come less often or are kept shorter", waivable: true },
  "load-balancer": {
    refuses: "an address in use that no pool has, or that nothing announces",
    waivable: true,
  },
  orphan: {
    refuses: "taking project, policy, quota or namespace from an Application that stays",
    waivable: true,
  },
  "quota-below-use": {
    refuses: "a quota below what is used or declared, or cut while nobody knows its use",
    waivable: true,
  },
  "namespace-or-claim": { refuses: "deleting a namespace, a volume or a claim", waivable: true },
  "load-bearing": {
    refuses: "uninstalling Cilium or ArgoCD, deleting an Application, a pool or a definition",
    waivable: true,
  },
} as const satisfies Record<string, { refuses: string; waivable: boolean }>;

export type GuardRule = keyof typeof GUARD_RULES;

type Waivable = { [R in GuardRule]: (typeof GUARD_RULES)[R]["waivable"] extends true ? R : never }[GuardRule];

export const WAIVABLE_RULES = (Object.keys(GUARD_RULES) as GuardRule[]).filter(
  (name): name is Waivable => GUARD_RULES[name].waivable,
) as [Waivable, ...Waivable[]];
