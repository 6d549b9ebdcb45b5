/** Writes the addresses of every stack to `stacks/logical-ids.json`: run it when resources come or go on purpose. */
import { writeFileSync } from "node:fs";
import { environments as inputs } from "../../environments/index.ts";
import { parseEnvironments } from "../../environments/schema.ts";
import { logicalIds } from "../../lib/core/synthesis/logical-ids.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";

const stacks = synthesizedStacks(...parseEnvironments(inputs));
const ids = logicalIds(new Map(stacks.map(({ name, json }) => [name, json])));
writeFileSync("stacks/logical-ids.json", `${JSON.stringify(ids, null, 2)}\n`);
