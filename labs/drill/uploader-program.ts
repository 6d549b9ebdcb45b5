/** The uploader of the drill, as a program of its own that can be killed. */
import { upload } from "./uploader.ts";

upload(process.env, new Date(), (line) => process.stdout.write(`${line}\n`)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
