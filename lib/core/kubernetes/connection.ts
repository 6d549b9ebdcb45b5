import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { Construct } from "constructs";
import { KubectlProvider } from "../providers/kubectl/provider.ts";

/** Connection to an API server; the values of a stack come from the cluster stack's state. */
export interface KubernetesConnection {
  /** URL, e.g. `https://192.168.111.160:6443`. */
  readonly host: string;
  /** PEM. */
  readonly clusterCaCertificate: string;
  /** PEM. */
  readonly clientCertificate: string;
  /** PEM. */
  readonly clientKey: string;
}

/** The kubernetes, helm and kubectl providers of a stack, all on one connection and on no kubeconfig file. */
export const addKubernetesProviders = (stack: Construct, connection: KubernetesConnection): void => {
  const { host, clusterCaCertificate, clientCertificate, clientKey } = connection;
  const credentials = { host, clusterCaCertificate, clientCertificate, clientKey };
  new KubernetesProvider(stack, "kubernetes", credentials);
  new HelmProvider(stack, "helm", { kubernetes: credentials });
  new KubectlProvider(stack, "kubectl", {
    ...credentials,
    loadConfigFile: false,
    // 3 s to 30 s apart: about seven minutes for CRDs that an operator still has to register.
    applyRetryCount: 15,
    lazyLoad: true,
  });
};
