/** A certificate authority for one run, made by OpenSSL. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "../../lib/core/process/command.ts";

export interface ClusterCredentials {
  /** PEM. */
  readonly authority: string;
  /** PEM, of a cluster administrator. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export interface Certificates {
  readonly administrator: ClusterCredentials;
  /** Files for the API server. */
  readonly files: {
    readonly authority: string;
    readonly server: string;
    readonly serverKey: string;
    readonly serviceAccountKey: string;
  };
}

const DAYS = "2";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** Makes an authority, the API server's certificate for its addresses, and an administrator's. */
export const makeCertificates = async (
  directory: string,
  addresses: readonly string[],
): Promise<Certificates> => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = (name: string) => join(directory, name);
  const openssl = (...args: string[]) => mustRun("openssl", args, { directory: directory });
  const signed = async (name: string, subject: string, extensions: string): Promise<void> => {
    writeFileSync(path(`${name}.ext`), extensions);
    await openssl(...["req", ...KEY, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject]);
    await openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
      ...["-days", DAYS, "-extfile", `${name}.ext`, "-out", `${name}.crt`],
    );
  };
  await openssl(
    ...["req", "-x509", ...KEY, "-keyout", "ca.key", "-out", "ca.crt", "-days", DAYS, "-subj", "/CN=e2e"],
  );
  const names = [...addresses, "127.0.0.1"].map((address) => `IP:${address}`).join(",");
  await signed(
    "server",
    "/CN=kube-apiserver",
    `subjectAltName=${names},DNS:localhost\nextendedKeyUsage=serverAuth\n`,
  );
  await signed("admin", "/O=system:masters/CN=admin", "extendedKeyUsage=clientAuth\n");
  await openssl("genrsa", "-out", "service-accounts.key", "2048");
  return {
    administrator: {
      authority: readFileSync(path("ca.crt"), "utf8"),
      certificate: readFileSync(path("admin.crt"), "utf8"),
      key: readFileSync(path("admin.key"), "utf8"),
    },
    files: {
      authority: path("ca.crt"),
      server: path("server.crt"),
      serverKey: path("server.key"),
      serviceAccountKey: path("service-accounts.key"),
    },
  };
};
