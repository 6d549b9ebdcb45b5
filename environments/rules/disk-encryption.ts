import type { Facts } from "../facts.ts";
import type { Finding } from "../problem.ts";
import type { Rule, Undecided } from "./rule.ts";

const RISK = "disk-encryption-without-secure-boot-";

/** A key must protect something: none lies beside what it opens, and a TPM gives it to the system that was signed. */
function* diskEncryption({ draft, nodes }: Facts): Iterable<Finding | Undecided> {
  const { diskEncryption: encryption } = draft;
  if (encryption === undefined) return;
  const { state } = encryption;
  if (state !== undefined && state !== "tpm")
    yield {
      path: "diskEncryption.state",
      rule: "must be tpm: Talos writes the passphrase of STATE in clear beside it, into META, and STATE holds that of EPHEMERAL",
      value: state,
    };
  for (const { path, label, draft: node } of nodes)
    if (node.secureBoot !== true)
      yield {
        path: `${path}.secureBoot`,
        rule: "must be true with diskEncryption: without secure boot, the TPM gives its key to any system that is started on the machine",
        value: node.secureBoot,
        riskId: `${RISK}${label}`,
      };
}

export const diskEncryptionRules: readonly Rule[] = [diskEncryption];
