/** The programs that checks run as they are, at pinned versions. The comments tell Renovate where new ones are. */
import type { GoTool } from "./go-tool.ts";

/** The etcd of the minor that Talos 1.12 runs. */
// renovate: datasource=go depName=go.etcd.io/etcd/server/v3
const ETCD = "v3.6.16";
// renovate: datasource=go depName=filippo.io/age
const AGE = "v1.3.2";
/**
 * An S3 server over a directory, and an IAM server that it asks; answers conditional writes, which Terraform's lock
 * file needs.
 */
// renovate: datasource=go depName=github.com/versity/versitygw
const VERSITYGW = "v1.8.0";
/** The Helm that the helm provider 3.1.1 is built with. */
// renovate: datasource=go depName=helm.sh/helm/v3
const HELM = "v3.18.4";

/** The engine of Kyverno's chart 3.4.0. */
// renovate: datasource=go depName=github.com/kyverno/kyverno
const KYVERNO = "v1.14.0";
// renovate: datasource=go depName=github.com/opentofu/opentofu
const OPENTOFU = "v1.12.6";

/** A tool by the name that it is called with. */
export interface NamedTool extends GoTool {
  readonly name: string;
}

const ofEtcd = (name: string, module: string): NamedTool => ({
  name,
  module: `go.etcd.io/etcd/${module}/v3`,
  version: ETCD,
  published: () => undefined,
});

export const etcd = ofEtcd("etcd", "server");
export const etcdctl = ofEtcd("etcdctl", "etcdctl");
export const etcdutl = ofEtcd("etcdutl", "etcdutl");

const ofAge = (name: string): NamedTool => ({
  name,
  module: "filippo.io/age",
  version: AGE,
  package: `cmd/${name}`,
});

export const age = ofAge("age");
export const ageKeygen = ofAge("age-keygen");

export const versitygw: NamedTool = {
  name: "versitygw",
  module: "github.com/versity/versitygw",
  version: VERSITYGW,
  package: "cmd/versitygw",
};

export const helm: NamedTool = {
  name: "helm",
  module: "helm.sh/helm/v3",
  version: HELM,
  package: "cmd/helm",
};

export const kyverno: NamedTool = {
  name: "kyverno",
  module: "github.com/kyverno/kyverno",
  version: KYVERNO,
  package: "cmd/cli/kubectl-kyverno",
};

/** OpenTofu, for those who check against both OpenTofu and Terraform. */
export const openTofu: NamedTool = {
  name: "tofu",
  module: "github.com/opentofu/opentofu",
  version: OPENTOFU,
  package: "cmd/tofu",
  variables: { "github.com/opentofu/opentofu/version.dev": "no" },
};

// renovate: datasource=go depName=sigs.k8s.io/kwok
const KWOK = "v0.7.0";

/** Plays kubelets: nodes are ready, and pods on them run, without a machine. */
export const kwok: NamedTool = {
  name: "kwok",
  module: "sigs.k8s.io/kwok",
  version: KWOK,
  package: "cmd/kwok",
  published: () => undefined,
};

// renovate: datasource=go depName=github.com/siderolabs/talos
const TALOS = "v1.12.6";

/** The client of Talos' API. It links forks of some modules that the checksum database does not know; it needs none. */
export const talosctl: NamedTool = {
  name: "talosctl",
  module: "github.com/siderolabs/talos",
  version: TALOS,
  package: "cmd/talosctl",
  instead: {
    "github.com/siderolabs/talos/pkg/machinery": TALOS,
    "github.com/siderolabs/go-blockdevice/v2": "v2.0.27",
    "github.com/containerd/containerd/v2": "v2.1.5",
    "github.com/coredns/coredns": "v1.12.3",
    "golang.zx2c4.com/wireguard/wgctrl": "v0.0.0-20241231184526-a9ab2273dd10",
  },
};

/** The Velero that the chart of `apps/velero.ts` runs: server and command line. */
// renovate: datasource=go depName=github.com/vmware-tanzu/velero
const VELERO = "v1.18.0";
/** A patch above the one of `apps/velero.ts`, which is published as an image alone. */
// renovate: datasource=go depName=github.com/vmware-tanzu/velero-plugin-for-aws
const VELERO_PLUGIN_FOR_AWS = "v1.14.2";

const ofVelero = (name: string): NamedTool => ({
  name,
  module: "github.com/vmware-tanzu/velero",
  version: VELERO,
  package: `cmd/${name}`,
  variables: { "github.com/vmware-tanzu/velero/pkg/buildinfo.Version": VELERO },
});

export const veleroProgram = ofVelero("velero");
/** The init container that holds a restored pod back until its volumes are filled. */
export const veleroRestoreHelper = ofVelero("velero-restore-helper");

export const veleroPluginForAws: NamedTool = {
  name: "velero-plugin-for-aws",
  module: "github.com/vmware-tanzu/velero-plugin-for-aws",
  version: VELERO_PLUGIN_FOR_AWS,
  package: "velero-plugin-for-aws",
};

/** A program of Kubernetes, which keeps its libraries in its own repository, published at v0.y.z for its v1.y.z. */
export const kubernetesTool = (name: string, version: string): NamedTool => {
  const [major = "", minor = ""] = version.replace(/^v/, "").split(".");
  return {
    name,
    module: "k8s.io/kubernetes",
    version,
    package: `cmd/${name}`,
    variables: {
      "k8s.io/component-base/version.gitVersion": version,
      "k8s.io/component-base/version.gitMajor": major,
      "k8s.io/component-base/version.gitMinor": minor,
    },
    published: () => version.replace(/^v1\./, "v0."),
  };
};
