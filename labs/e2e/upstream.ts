/**
 * The states that the deployed stacks read from stacks above them, which need machines: written by Terraform, with
 * the outputs that those stacks have, and this run's own credentials as their values.
 */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedStack } from "../../lib/core/synthesis/terraform-json.ts";
import type { ClusterCredentials } from "./certificates.ts";
import { remoteStates, type StateLocation, stateLocation } from "./synthesized.ts";
import type { SandboxTerraform } from "./terraform.ts";

/** Stand-ins for values that only a cluster or an operator has. */
export interface Stand {
  readonly credentials: ClusterCredentials;
  readonly variables: Readonly<Record<string, string>>;
}

export interface UpstreamOutput {
  readonly stack: NamedStack;
  readonly name: string;
  readonly expression: string;
}

const isAt = (one: StateLocation, other: StateLocation): boolean =>
  one.bucket === other.bucket && one.key === other.key && one.endpoint === other.endpoint;

/**
 * The outputs that stacks read of stacks which are not deployed here.
 *
 * Refused, all at once: a state that no stack keeps; an output that its stack does not have.
 */
export const outputsToProvide = (
  deployed: readonly NamedStack[],
  all: readonly NamedStack[],
): UpstreamOutput[] => {
  const problems: string[] = [];
  const found = new Map<string, UpstreamOutput>();
  for (const reader of deployed) {
    for (const { location, outputs } of remoteStates(reader)) {
      const stack = all.find((each) => isAt(stateLocation(each), location));
      if (stack === undefined) {
        problems.push(
          `${reader.name}: reads the state ${location.bucket}/${location.key}, which no stack keeps`,
        );
        continue;
      }
      for (const name of outputs) {
        const output = stack.json.output?.[name];
        if (output === undefined)
          problems.push(
            `${reader.name}: reads the output ${name} of ${stack.name}, which has no such output`,
          );
        else if (!deployed.includes(stack))
          found.set(`${stack.name} ${name}`, { stack, name, expression: String(output.value) });
      }
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return [...found.values()];
};

const CREDENTIAL = /kubernetes_client_configuration\.(ca_certificate|client_certificate|client_key)\}$/;
const VARIABLE = /^\$\{var\.([\w-]+)\}$/;

/** The value for an output. Refused: an expression that nothing here can stand for. */
export const valueFor = ({ stack, name, expression }: UpstreamOutput, stand: Stand): string => {
  const pem = {
    ca_certificate: stand.credentials.authority,
    client_certificate: stand.credentials.certificate,
    client_key: stand.credentials.key,
  }[CREDENTIAL.exec(expression)?.[1] ?? ""];
  if (pem !== undefined) return Buffer.from(pem).toString("base64");
  const variable = stand.variables[VARIABLE.exec(expression)?.[1] ?? ""];
  if (variable !== undefined) return variable;
  if (!expression.includes("${")) return expression;
  throw new Error(
    `${stack.name}: output ${name}: nothing stands for ${expression}: see labs/e2e/upstream.ts`,
  );
};

/** Writes the states of the stacks that others read, by Terraform. */
export const provideStates = async (
  outputs: readonly UpstreamOutput[],
  stand: Stand,
  terraform: SandboxTerraform,
  directory: string,
): Promise<void> => {
  // By name: what came through a file is another object each time.
  for (const stack of new Map(outputs.map((each) => [each.stack.name, each.stack])).values()) {
    const own = join(directory, stack.name);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const values = outputs
      .filter((each) => each.stack.name === stack.name)
      .map((each) => [each.name, { value: valueFor(each, stand), sensitive: true }]);
    const configuration = {
      terraform: { backend: stack.json.terraform?.backend },
      output: Object.fromEntries(values),
    };
    writeFileSync(join(own, "main.tf.json"), JSON.stringify(configuration), { mode: 0o600 });
    await terraform.init(own);
    await terraform.apply(own);
  }
};

const BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const BCRYPT = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const pick = (alphabet: string, length: number): string =>
  [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");

/** Values in the form that Terraform checks, where a plain word would be refused. */
const shaped: Readonly<Record<string, () => string>> = {
  age_recipient: () => `age1${pick(BECH32, 58)}`,
  argocd_admin_password_hash: () => `$2a$10$${pick(BCRYPT, 53)}`,
};

/** A random value for each variable; nobody's secret. */
export const inventVariables = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.map((name) => [name, shaped[name]?.() ?? `e2e-${randomBytes(12).toString("hex")}`]),
  );
