/** Terraform's own judgement of a stack, with the providers that the stack pins. */
import type { TerraformJson } from "../../lib/core/synthesis/terraform-json.ts";
import { requirements } from "./mirrored-stack.ts";
import { ProviderAddress } from "./provider-address.ts";
import type { KnownSchema, ProviderSchema } from "./provider-schema.ts";
import type { RequiredProvider } from "./required-providers.ts";
import { complaints, type Workspace } from "./workspace.ts";

interface ValidateJson {
  readonly diagnostics?: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail?: string;
    readonly address?: string;
    readonly snippet?: { readonly context?: string | null };
  }[];
}

/** `init -backend=false` and `validate`: a line for each error. */
export const validationProblems = async (
  workspace: Workspace,
  name: string,
  json: TerraformJson,
): Promise<string[]> => {
  const directory = workspace.stack(name, json);
  const init = await workspace.terraform(directory, ["init", "-backend=false", "-input=false"]);
  if (init.code !== 0) return complaints(init);
  const validate = await workspace.terraform(directory, ["validate", "-json"]);
  try {
    const { diagnostics = [] }: ValidateJson = JSON.parse(validate.stdout);
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    if (validate.code !== 0 && errors.length === 0) return complaints(validate);
    return errors.map(({ summary, detail = "", address, snippet }) =>
      `${address ?? snippet?.context ?? name}: ${summary}: ${detail}`.replace(/\s+/g, " ").trim(),
    );
  } catch {
    return complaints(validate);
  }
};

/** Reads the whole schemas that providers print of themselves. Throws when they print nothing. */
export const printedSchemas = async (
  workspace: Workspace,
  providers: readonly RequiredProvider[],
): Promise<KnownSchema[]> => {
  const directory = workspace.stack("schemas", {
    terraform: { required_providers: requirements(providers) },
  });
  for (const args of [
    ["init", "-input=false"],
    ["providers", "schema", "-json"],
  ]) {
    const result = await workspace.terraform(directory, args);
    if (result.code !== 0) throw new Error(`${args.join(" ")}: ${complaints(result).join("; ")}`);
    if (args[0] === "providers") return parsed(result.stdout, providers);
  }
  return [];
};

const parsed = (text: string, providers: readonly RequiredProvider[]): KnownSchema[] => {
  const { provider_schemas: schemas = {} }: { provider_schemas?: Record<string, ProviderSchema> } =
    JSON.parse(text);
  return providers.map(({ source, version }) => {
    const schema = schemas[ProviderAddress.parse(source).full];
    if (!schema) throw new Error(`${source} ${version} printed no schema`);
    return { source, version, complete: true, schema };
  });
};
