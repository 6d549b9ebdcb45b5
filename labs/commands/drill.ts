/** `npm run drill`: backs up, loses and restores a real etcd. See `labs/drill/drill-command.ts`. */
import { resolve } from "node:path";
import { drillCommand } from "../drill/drill-command.ts";
import { cacheDirectory } from "../programs/install-tool.ts";

// On Node.js 20 the S3 client warns on every start that later releases of it will not run there.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

process.exitCode = await drillCommand(process.argv.slice(2), {
  root: resolve(import.meta.dirname, ".."),
  cache: cacheDirectory(),
  out: (line) => console.log(line),
});
