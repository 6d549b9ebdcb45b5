/** The uploader of `npm run drill`, as a program of its own that can be killed. See `labs/drill/uploader.ts`. */
import { upload } from "../drill/uploader.ts";

upload(process.env, new Date(), (line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
