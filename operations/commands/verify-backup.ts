/** `npm run verify-backup`: whether etcd could be restored from a backup. See `operations/verify-backup/verify-command.ts`. */
import { verifyCommand } from "../verify-backup/verify-command.ts";

// On Node.js 20 the S3 client warns on every start that later releases of it will not run there.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

process.exitCode = await verifyCommand(process.argv.slice(2), {
  environment: process.env,
  now: new Date(),
  store: async () => {
    // Loaded when it is needed only.
    const { s3Client, s3Store } = await import("../verify-backup/s3.ts");
    return s3Store(s3Client(process.env));
  },
  out: (line) => console.log(line),
});
