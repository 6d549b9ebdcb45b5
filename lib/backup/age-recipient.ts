import { bech32 } from "@scure/base";
import { Fn, TerraformVariable, Token } from "cdktf";
import type { Construct } from "constructs";

const PREFIX = "age";
const KEY_BYTES = 32;
const FORM = "^age1[02-9ac-hj-np-z]{58}$";

const isRecipient = (text: string): boolean => {
  const decoded = bech32.decodeUnsafe(text);
  return (
    decoded?.prefix === PREFIX &&
    text === text.toLowerCase() &&
    bech32.fromWordsUnsafe(decoded.words)?.length === KEY_BYTES
  );
};

/**
 * The reason why something is no age X25519 recipient; empty when it is one, or when only Terraform will know it (a
 * token).
 *
 * The checksum counts: a recipient with one letter wrong would fail on every run of the backup, not at synth. A
 * secret key in its place is refused without being repeated.
 */
export const ageRecipientProblems = (recipient: string): string[] => {
  if (Token.isUnresolved(recipient) || isRecipient(recipient)) return [];
  if (/AGE-SECRET-KEY/i.test(recipient)) {
    return [
      "ageRecipients: must be public keys, age1…: got a secret key, which is now leaked: make a new one",
    ];
  }
  return [
    `ageRecipients: must be an age X25519 recipient with a right checksum: got ${JSON.stringify(recipient)}`,
  ];
};

/**
 * The Terraform variable `age_recipient`, for an environment whose backup key nobody has made yet: a plan asks for
 * it and checks its form, so that no snapshot is ever written unencrypted. Public, so not sensitive.
 */
export const ageRecipientVariable = (scope: Construct): TerraformVariable => {
  const variable = new TerraformVariable(scope, "age-recipient", {
    type: "string",
    nullable: false,
    description:
      "age X25519 recipient (public key) that etcd snapshots are encrypted to: age-keygen -o key.txt",
  });
  variable.overrideLogicalId("age_recipient");
  variable.addValidation({
    condition: Fn.can(Fn.regex(FORM, variable.stringValue)),
    errorMessage: "age_recipient must be an age X25519 recipient: age1 and 58 more characters.",
  });
  return variable;
};
