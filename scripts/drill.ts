/** `npm run drill`: backs up, loses and restores a real etcd. See `lib/drill/drill-command.ts`. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { drillCommand } from "../lib/drill/drill-command.ts";

const { TERRAVIXENS_CACHE, XDG_CACHE_HOME } = process.env;

// On Node.js 20 the S3 client warns on every start that later releases of it will not run there.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

process.exitCode = await drillCommand(process.argv.slice(2), {
  root: resolve(import.meta.dirname, ".."),
  cache: TERRAVIXENS_CACHE ?? join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "terravixens"),
  out: (line) => console.log(line),
});
