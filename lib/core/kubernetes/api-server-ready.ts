import { DataHttp } from "@cdktf/provider-http/lib/data-http";
import { HttpProvider } from "@cdktf/provider-http/lib/provider";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { KubernetesConnection } from "./connection.ts";

const ATTEMPTS = 60;
const SECONDS_BETWEEN = 10;

export interface ApiServerReadyProps {
  /** The connection to the API server. */
  readonly connection: KubernetesConnection;
  /** Name of the cluster, for the message. */
  readonly clusterName: string;
}

/**
 * Waits until the API server answers `/readyz`: a data source that asks every 10 s for 10 minutes, without a shell; for
 * 15 minutes where connections are accepted and never answered, since each attempt may take 5 s.
 *
 * It asks with the client's certificate, because Talos turns anonymous requests off. It does not wait for nodes to
 * be Ready: they are not before Cilium runs, and Cilium comes after this. A plan reads it too, so an unreachable
 * cluster is one clear message instead of one error per resource.
 */
export class ApiServerReady extends Construct {
  /** The data source that everything in the cluster depends on. */
  readonly dataSource: DataHttp;

  constructor(scope: Construct, id: string, { connection, clusterName }: ApiServerReadyProps) {
    super(scope, id);
    const provider = new HttpProvider(this, "http");
    this.dataSource = new DataHttp(this, "readyz", {
      provider,
      url: `${connection.host}/readyz`,
      caCertPem: Fn.sensitive(connection.clusterCaCertificate),
      clientCertPem: Fn.sensitive(connection.clientCertificate),
      clientKeyPem: Fn.sensitive(connection.clientKey),
      requestTimeoutMs: 5_000,
      retry: {
        attempts: ATTEMPTS,
        minDelayMs: SECONDS_BETWEEN * 1_000,
        maxDelayMs: SECONDS_BETWEEN * 1_000,
      },
      lifecycle: {
        postcondition: [
          {
            condition: "${self.status_code == 200}",
            errorMessage: `The API server of ${clusterName} answers, but is not ready: GET /readyz gave status \${self.status_code}. Check etcd and the control planes (talosctl health), then run this again.`,
          },
        ],
      },
    });
    this.dataSource.overrideLogicalId("api_server_ready");
  }
}
