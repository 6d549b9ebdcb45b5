import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunCommand } from "../../lib/core/process/command.ts";
import type { PlanCredentials } from "./offline-stack.ts";

/** A certificate that signs itself and its key, made now and forgotten; undefined without OpenSSL. */
export const madeUpCredentials = async (run: RunCommand): Promise<PlanCredentials | undefined> => {
  const directory = mkdtempSync(join(tmpdir(), "credentials-"));
  try {
    const [key, certificate] = [join(directory, "key.pem"), join(directory, "certificate.pem")];
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
    const { code } = await run(
      "openssl",
      [...request, "-subj", "/CN=contract", "-days", "1", "-keyout", key, "-out", certificate],
      { timeout: 60_000 },
    );
    if (code !== 0) return undefined;
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};
