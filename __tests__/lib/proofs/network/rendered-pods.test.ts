import { describe, expect, test } from "vitest";
import { Peer } from "../../../../lib/network/peer.ts";
import { platformPods } from "../../../../lib/network/platform-pods.ts";
import { unrenderedApps, unrenderedPlatformPods } from "../../../../lib/proofs/network/rendered-pods.ts";
import { chartApp, resolved } from "../../app/lab.ts";

const backup = {
  resource: {
    kubernetes_cron_job_v1: {
      backup: {
        metadata: { namespace: platformPods.etcdBackup.namespace },
        spec: {
          job_template: {
            spec: { template: { metadata: { labels: { "app.kubernetes.io/name": "talos-backup" } } } },
          },
        },
      },
    },
  },
};

describe("a selector of the platform matches a pod that is rendered", () => {
  test("as they are", () => {
    expect(unrenderedPlatformPods([backup])).toEqual([]);
  });

  test("a typo in both the pod and the policy is found", () => {
    const peer = Peer.workload("kube-system", { "k8s-app": "hubble-relai" });
    const typo = { ...platformPods.hubbleRelay, labels: { "k8s-app": "hubble-relai" }, peer };
    expect(unrenderedPlatformPods([backup], { hubbleRelay: typo })).toEqual([
      expect.stringMatching(
        /^platformPods.hubbleRelay: must select a pod that a chart renders; nearest is kube-system\/hubble-relay: got kube-system\/hubble-relai, /,
      ),
    ]);
  });

  test.each(Object.entries(platformPods))("%s in another namespace is found", (name, pod) => {
    const labels = Object.fromEntries(
      Object.entries(pod.peer.selector.matchLabels ?? {})
        .filter(([key]) => !key.endsWith("pod.namespace"))
        .map(([key, value]) => [key.replace("k8s:", ""), value]),
    );
    const moved = { ...pod, peer: Peer.workload("elsewhere", labels) };
    expect(unrenderedPlatformPods([backup], { [name]: moved })).toHaveLength(1);
  });

  test("of charts that are not recorded nothing is known", () => {
    expect(unrenderedPlatformPods([backup], platformPods, [])).toEqual([]);
  });

  test("the backup's pods are those of its CronJob", () => {
    expect(unrenderedPlatformPods([])).toEqual([expect.stringContaining("platformPods.etcdBackup")]);
  });
});

describe("a selector of an app matches a pod of its chart", () => {
  const itTools = (pods?: object) =>
    resolved(
      chartApp(
        {
          chart: { repository: "https://charts.example.org", name: "it-tools", version: "0.1.4" },
          namespace: "tools",
          ...(pods && { pods }),
        },
        "it-tools",
      ),
    );

  test("by default and by its own labels", () => {
    expect(unrenderedApps([itTools(), itTools({ "app.kubernetes.io/name": "it-tools" })])).toEqual([]);
  });

  test("a typo is refused by name", () => {
    expect(unrenderedApps([itTools({ "app.kubernetes.io/name": "it-toolz" })])).toEqual([
      expect.stringContaining(
        "apps.it-tools.pods: must select a pod that a chart renders; nearest is tools/it-tools",
      ),
    ]);
  });
});
