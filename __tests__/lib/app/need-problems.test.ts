import { describe, expect, test } from "vitest";
import { apps } from "../../../apps/index.ts";
import type { AppDeclaration, DeclaredLink } from "../../../lib/app/declaration.ts";
import { environments, synthesis } from "../../stacks/homelab.ts";

const prod = environments().filter(({ name }) => name === "prod");

/** Lines that say what is missing when an app loses the links that `drops` picks. */
const missing = (name: string, drops: (link: DeclaredLink) => boolean): string => {
  const kept = (links: readonly DeclaredLink[] = []) => links.filter((link) => !drops(link));
  const changed = apps.map((app): AppDeclaration => {
    if (app.name !== name) return app;
    const props = { ...app.props, network: kept(app.props.network) };
    return { name, props: props as AppDeclaration["props"] };
  });
  try {
    synthesis(prod, {}, changed);
    return "";
  } catch (error) {
    return (
      (error as { problems?: string[] }).problems?.filter((line) => line.includes("must hold")).join("\n") ??
      ""
    );
  }
};

const toNodes = (link: DeclaredLink) => link.kind === "nodes" && link.entities.includes("host");
const toApi = (link: DeclaredLink) => link.kind === "nodes" && link.entities.includes("kube-apiserver");
const outside = (link: DeclaredLink) => link.kind === "egress";
const toApp = (name: string) => (link: DeclaredLink) =>
  link.kind === "uses" && (link.app as AppDeclaration).name === name;

describe("what an app needs by what it is", () => {
  test.each<[string, string, (link: DeclaredLink) => boolean, string]>([
    [
      "the kubelets that it scrapes",
      "metrics-server",
      toNodes,
      "reachesNodes(Port.tcp(10250)): it scrapes the kubelet",
    ],
    [
      "the bucket that it writes to",
      "velero",
      outside,
      'egressTo("192.168.111.69", Port.tcp(9000)): it talks to this server',
    ],
    ["the bucket of a database", "postgresql-shared", outside, 'egressTo("192.168.111.69", Port.tcp(9000))'],
    [
      "the API of its provider",
      "external-dns-gandi",
      outside,
      'egressTo("api.gandi.net"): it talks to Gandi',
    ],
    [
      "the store that it reads",
      "infisical-operator",
      outside,
      'egressTo("192.168.111.69", Port.tcp(8085)): the operator',
    ],
    ["the Kubernetes API of a controller", "reloader", toApi, "usesKubernetesApi(): a ClusterRole"],
    [
      "the Service that its values name",
      "authentik",
      toApp("redis-shared"),
      "uses(redis-shared): values.global.env[5].value",
    ],
    [
      "the Service that its environment names",
      "docspell-joex",
      toApp("postgresql-shared"),
      "uses(postgresql-shared)",
    ],
    [
      "the certificate authority that its issuers name",
      "cert-manager",
      outside,
      'egressTo("acme-v02.api.letsencrypt.org")',
    ],
  ])("%s: %s", (_, name, drops, message) => {
    expect(missing(name, drops)).toContain(message);
  });

  test("nothing is missing as the apps are", () => {
    expect(missing("whoami", () => false)).toBe("");
  });
});
