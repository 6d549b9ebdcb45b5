/** Certificates: of the API server, and of the two configurations of the workstation. Only their dates are shown. */
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { parse } from "yaml";
import type { Environment } from "../../environments/schema.ts";
import { API_SERVER_PORT } from "../../lib/core/platform/api-server.ts";
import { type Diagnosis, fail, ok, unknown, warn } from "./diagnosis.ts";
import type { Probes } from "./probes.ts";

const DAY = 86_400_000;
const SOON = 30;
const TIMEOUT = 6_000;
/** Common name of the certificate that Talos v1.12.4 gives the API server: `kubernetes_dynamic_certs.go`. */
const API_SERVER = "kube-apiserver";

export interface ConfigurationFiles {
  readonly talosconfig?: string | undefined;
  readonly kubeconfig?: string | undefined;
}

const validity = (check: string, what: string, end: number, now: number, renew: string): Diagnosis => {
  const days = Math.floor((end - now) / DAY);
  if (Number.isNaN(days)) return unknown(check, `${what}: its certificate has no date`, renew);
  if (days < 0) return fail(check, `${what}: its certificate ended ${-days} days ago`, renew);
  const says = `${what}: its certificate has ${days} days left`;
  return days < SOON ? warn(check, says, renew) : ok(check, says);
};

export const vipCheck = async (probes: Probes, { cluster }: Environment): Promise<Diagnosis[]> => {
  const where = cluster.endpoint;
  try {
    const { name, end } = await probes.certificate(`${cluster.vip}`, API_SERVER_PORT, TIMEOUT);
    if (name !== API_SERVER) {
      const says = `${where} is answered by something else than a Kubernetes API server`;
      return [fail("virtual IP", says, "look for a proxy, or another machine with this address")];
    }
    return [
      validity(
        "virtual IP",
        `${where} answers`,
        end,
        probes.now(),
        "Talos renews it: restart the API server",
      ),
    ];
  } catch {
    return [
      fail(
        "virtual IP",
        `${where} does not answer`,
        "no control plane holds it: see etcd's health, or the network",
      ),
    ];
  }
};

interface Talosconfig {
  context?: string;
  contexts?: Record<string, { endpoints?: string[]; crt?: string }>;
}

interface Kubeconfig {
  "current-context"?: string;
  contexts?: { name: string; context: { cluster: string; user: string } }[];
  clusters?: { name: string; cluster: { server?: string } }[];
  users?: { name: string; user: { "client-certificate-data"?: string; "client-certificate"?: string } }[];
}

const endOf = (pem: string | Buffer): number => Date.parse(new X509Certificate(pem).validTo);

const base64 = (text: string): Buffer => Buffer.from(text, "base64");

/** Reads a configuration file; no message ever quotes its text. */
const configuration = <T>(probes: Probes, path: string): T | undefined => {
  const text = probes.readFile(path);
  try {
    const value: unknown = text === undefined ? undefined : parse(text);
    return typeof value === "object" && value !== null ? (value as T) : undefined;
  } catch {
    return undefined;
  }
};

export const talosconfigCheck = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> => {
  const check = "talosconfig";
  const path = files.talosconfig ?? probes.variable("TALOSCONFIG") ?? join(probes.home, ".talos", "config");
  const renew = `terraform output -raw talosconfig in ${environment.name}-cluster; it is renewed by an apply`;
  const { cluster, nodes } = environment;
  const config = configuration<Talosconfig>(probes, path);
  const context = config?.contexts?.[cluster.name] ?? config?.contexts?.[config.context ?? ""];
  if (!context?.crt) return [unknown(check, `${path} has no certificate for ${cluster.name}`, renew)];
  const own = nodes.map(({ address }) => address.toString());
  if (!context.endpoints?.some((endpoint) => own.includes(endpoint) || endpoint === `${cluster.vip}`)) {
    return [warn(check, `${path} is of another cluster`, renew)];
  }
  try {
    return [validity(check, path, endOf(base64(context.crt)), probes.now(), renew)];
  } catch {
    return [unknown(check, `${path} has a certificate that cannot be read`, renew)];
  }
};

export const kubeconfigCheck = async (
  probes: Probes,
  environment: Environment,
  files: ConfigurationFiles,
): Promise<Diagnosis[]> => {
  const check = "kubeconfig";
  const [listed] = (probes.variable("KUBECONFIG") ?? "").split(":");
  const path = files.kubeconfig ?? (listed || join(probes.home, ".kube", "config"));
  const renew = `terraform output -raw kubeconfig in ${environment.name}-cluster; it is renewed by an apply`;
  const config = configuration<Kubeconfig>(probes, path);
  const current = config?.contexts?.find(({ name }) => name === config["current-context"])?.context;
  const server = config?.clusters?.find(({ name }) => name === current?.cluster)?.cluster.server;
  const user = config?.users?.find(({ name }) => name === current?.user)?.user;
  if (server === undefined) return [unknown(check, `${path} has no current context`, renew)];
  if (server !== `${environment.cluster.endpoint}`) {
    return [warn(check, `${path} is of another cluster`, renew)];
  }
  const data = user?.["client-certificate-data"];
  const file = user?.["client-certificate"];
  const pem = data === undefined ? (file && probes.readFile(file)) || undefined : base64(data);
  if (pem === undefined) return [unknown(check, `${path} has no client certificate`, "see how it logs in")];
  try {
    return [validity(check, path, endOf(pem), probes.now(), renew)];
  } catch {
    return [unknown(check, `${path} has a certificate that cannot be read`, renew)];
  }
};
