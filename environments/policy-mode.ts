/** The stages in which default deny is rolled out. */
export const POLICY_MODES = ["off", "audit", "enforce"] as const;

/**
 * The stages in which default deny is rolled out: `off` applies the allowances alone; `audit` adds the deny while
 * Cilium only logs what it would drop (its agent-wide `policyAuditMode`, set by the Cilium construct); `enforce`
 * drops it.
 */
export type PolicyMode = (typeof POLICY_MODES)[number];
