/** Pod Security Standards, loosest first. */
export const POD_SECURITY_STANDARDS = ["privileged", "baseline", "restricted"] as const;

export type PodSecurityStandard = (typeof POD_SECURITY_STANDARDS)[number];

/**
 * Labels that make a namespace enforce a standard. `warn` and `audit` say on a Deployment what `enforce` would refuse
 * only on its pods, where nobody looks.
 */
export const podSecurityLabels = (standard: PodSecurityStandard): Record<string, string> =>
  Object.fromEntries(
    ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, standard]),
  );
