import { bech32 } from "@scure/base";
import { TerraformOutput, Token } from "cdktf";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ageRecipientProblems, ageRecipientVariable } from "../../../lib/backup/age-recipient.ts";
import { synth } from "../../synth.ts";
import { RECIPIENT, recipientOf } from "./recipients.ts";

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

test("takes every public key", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
      expect(ageRecipientProblems(recipientOf(key))).toEqual([]);
    }),
  );
});

test("takes a token: Terraform knows the value", () => {
  expect(ageRecipientProblems(Token.asString({ resolve: () => "later" }))).toEqual([]);
});

test("refuses a recipient with any one letter wrong", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 4, max: 61 }),
      fc.constantFrom(...BECH32),
      (key, position, letter) => {
        const good = recipientOf(key);
        fc.pre(good[position] !== letter);
        const bad = good.slice(0, position) + letter + good.slice(position + 1);
        expect(ageRecipientProblems(bad)).toEqual([
          `ageRecipients: must be an age X25519 recipient with a right checksum: got "${bad}"`,
        ]);
      },
    ),
  );
});

test.each([
  "",
  "age1",
  RECIPIENT.toUpperCase(),
  RECIPIENT.slice(0, -1),
  ` ${RECIPIENT}`,
  `${RECIPIENT},${RECIPIENT}`,
  recipientOf(new Uint8Array(31)),
  bech32.encode("agf", bech32.toWords(new Uint8Array(32))),
  "ssh-ed25519 AAAA",
])("refuses %j", (recipient) => {
  expect(ageRecipientProblems(recipient)).toHaveLength(1);
});

test("refuses a secret key and does not repeat it", () => {
  const secret = bech32.encode("age-secret-key-", bech32.toWords(new Uint8Array(32))).toUpperCase();
  const [problem = ""] = ageRecipientProblems(secret);
  expect(problem).toContain("got a secret key");
  expect(problem).not.toContain(secret.slice(20));
});

test("the variable checks the form, and says what it is for", () => {
  const stack = synth((s) => {
    new TerraformOutput(s, "out", { value: ageRecipientVariable(s).stringValue });
  });
  const variable = stack.variable?.age_recipient as { validation: { condition: string }[] };
  expect(variable).toMatchObject({ type: "string", nullable: false, description: /public key/ });
  const pattern = /regex\("(.+)", var\.age_recipient\)/.exec(variable.validation[0]?.condition ?? "")?.[1];
  expect(RECIPIENT).toMatch(new RegExp(pattern ?? "no pattern"));
  expect(`${RECIPIENT}q`).not.toMatch(new RegExp(pattern ?? ""));
});
