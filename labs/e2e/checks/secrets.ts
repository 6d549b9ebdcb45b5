import type { Check } from "../check.ts";
import type { E2eWorld } from "../e2e-world.ts";

interface Variable {
  readonly sensitive?: boolean;
  readonly ephemeral?: boolean;
}

/** Checks that no secret is printed, and that those that pass through are in no state. */
export const secretsStayHidden: Check<E2eWorld> = {
  name: "no secret in what is printed, none that passes through in a state",
  run: async ({ stacks, terraform, outdirs, variables, credentials, transcript }) => {
    const declared = stacks.flatMap(({ json }) =>
      Object.entries((json.variable ?? {}) as Record<string, Variable>),
    );
    const valuesOf = (wanted: (variable: Variable) => boolean) =>
      declared
        .filter(([, variable]) => wanted(variable))
        .map(([name]) => ({ name, value: variables[name] ?? "" }));
    const printed = transcript.join("\n");
    const secrets = [
      ...valuesOf(({ sensitive }) => sensitive === true),
      { name: "the administrator's key", value: credentials.key.split("\n")[1] ?? "" },
    ];
    const passing = valuesOf(({ ephemeral }) => ephemeral === true);
    if (printed === "" || secrets.some(({ value }) => value === "")) throw new Error("nothing to look at");
    const problems = secrets
      .filter(({ value }) => printed.includes(value))
      .map(({ name }) => `${name}: was printed by a deploy`);
    for (const { name: stack } of stacks) {
      const state = await terraform.state(await outdirs.stack(stack));
      for (const { name, value } of passing) {
        if (state.includes(value)) problems.push(`${name}: stands in the state of ${stack}`);
      }
    }
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return `${secrets.length} secrets looked for in the output, ${passing.length} in the states`;
  },
};
