/** The kept schemas of the real providers. */
import { fileURLToPath } from "node:url";
import { readSchemas } from "../labs/contract/kept-schemas.ts";

export const schemas = readSchemas(fileURLToPath(new URL("./fixtures/provider-schemas", import.meta.url)));
