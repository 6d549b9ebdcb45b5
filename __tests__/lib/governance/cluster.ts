/** Synthesizes into a stack that has the Kubernetes providers. */
import type { TerraformStack } from "cdktf";
import { addKubernetesProviders } from "../../../lib/core/kubernetes/connection.ts";
import { type SynthesizedStack, synth } from "../../synth.ts";

export const synthInCluster = (build: (stack: TerraformStack) => void): SynthesizedStack =>
  synth((stack) => {
    addKubernetesProviders(stack, {
      host: "https://192.0.2.1:6443",
      clusterCaCertificate: "ca",
      clientCertificate: "certificate",
      clientKey: "key",
    });
    build(stack);
  });
