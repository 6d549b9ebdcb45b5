import { strings, type TerraformJson } from "./terraform-json.ts";

/** Shapes of secrets that are written out. */
const LOOKS_SECRET: readonly [string, RegExp][] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an age identity", /AGE-SECRET-KEY-1[0-9A-Z]+/i],
  ["an AWS access key", /\b(AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a bcrypt hash", /\$2[aby]\$\d\d\$[./0-9A-Za-z]{53}/],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./],
  ["a GitHub token", /\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_\w{22,})/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/@$]+@/i],
  ["a base64 private key", /LS0tLS1CRUdJTi[0-9A-Za-z+/=]{20,}/],
];

/** Attributes that hold a secret: their value must be a reference. */
const HOLDS_SECRET =
  /(^|[._[])(\w*(password|passphrase|secret_key|secret_access_key|private_key|client_key|client_key_pem|access_token|auth_token|bootstrap_token|client_secret|clientsecret))(\[\d+\])?$/i;

/** Names that end like a secret but hold a name, a path or a flag. */
const HOLDS_NAME = /(_name|_path|_file|_ref|_mtime)$/i;

/**
 * Lines for what looks like a secret: by the value's form, or because an attribute that holds secrets has a
 * literal instead of a reference. Variables must not have a default when they are sensitive. The line names the
 * place and never repeats the value.
 *
 * Left out: cdktf's metadata under `//`, which names outputs after what they hold; and the S3 backend's own keys,
 * which are literals only under the accepted risk `backend-credentials`.
 */
export const findSecrets = (stack: TerraformJson): string[] => {
  const { terraform, "//": _metadata, ...rest } = stack as TerraformJson & Record<"//", unknown>;
  const { backend: _backend, ...settings } = terraform ?? {};
  const remoteState = rest.data?.terraform_remote_state;
  const data = { ...rest.data, ...(remoteState && { terraform_remote_state: {} }) };
  const found = strings({ ...rest, data, terraform: settings }).flatMap(({ path, text }) => {
    const form = LOOKS_SECRET.find(([, pattern]) => pattern.test(text));
    if (form) return [`${path}: looks like ${form[0]}`];
    const literal = text !== "" && !text.includes("${");
    return literal && HOLDS_SECRET.test(path) && !HOLDS_NAME.test(path)
      ? [`${path}: holds a secret: its value must be a reference, and is a literal`]
      : [];
  });
  const defaults = Object.entries(stack.variable ?? {})
    .filter(([, block]) => block.sensitive === true && block.default !== undefined)
    .map(([name]) => `variable.${name}: a sensitive variable must not have a default`);
  return [...found, ...defaults];
};
