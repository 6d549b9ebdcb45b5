/** Writes the addresses of every stack to `stacks/logical-ids.json`: run it when resources come or go on purpose. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "../../lib/core/stack-trace.ts";
import { environments as inputs } from "../../environments/index.ts";
import { parseEnvironments } from "../../environments/schema.ts";
import { logicalIds } from "../../lib/core/synthesis/logical-ids.ts";
import { synthesizeEnvironments } from "../../stacks/homelab.ts";

const outdir = mkdtempSync(join(tmpdir(), "logical-ids-"));
process.env.CDKTF_OUTDIR = outdir;
const stacks = synthesizeEnvironments(parseEnvironments(inputs));
rmSync(outdir, { recursive: true });
const ids = logicalIds(new Map(stacks.map(({ name, json }) => [name, json])));
writeFileSync("stacks/logical-ids.json", `${JSON.stringify(ids, null, 2)}\n`);
