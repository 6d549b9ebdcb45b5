/** Synthesizes constructs of the platform, in a stack with its providers. */
import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import type { TerraformStack } from "cdktf";
import { KubectlProvider } from "../lib/core/providers/kubectl/provider.ts";
import { type SynthesizedStack, synth } from "./synth.ts";

const HOST = "https://192.0.2.1:6443";

/** The result of `build`, and the stack that it built into. */
export const synthPlatform = <T>(build: (stack: TerraformStack) => T): [T, SynthesizedStack] => {
  const built: T[] = [];
  const stack = synth((s) => {
    new HelmProvider(s, "helm", { kubernetes: { host: HOST } });
    new KubernetesProvider(s, "kubernetes", { host: HOST });
    new KubectlProvider(s, "kubectl", {
      host: HOST,
      clusterCaCertificate: "ca",
      clientCertificate: "cert",
      clientKey: "key",
    });
    built.push(build(s));
  });
  return [built[0] as T, stack];
};
