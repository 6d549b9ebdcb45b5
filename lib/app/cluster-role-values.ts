/** Rights of an image in the whole cluster, as a ClusterRole of its own service account. */
import type { HelmValues } from "./helm-value.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const READ = ["get", "list", "watch"];
const RESOURCES = /^([a-z0-9.-]+\/)?([a-z0-9]+(\/[a-z]+)?|\*)(,([a-z0-9]+(\/[a-z]+)?))*$/;

/** The group before the first `/` has a dot; what has none is a resource with a part of its own, e.g. `pods/log`. */
const parts = (key: string): { group: string; resources: string[] } => {
  const [, group = "", resources = key] =
    /^([a-z0-9-]+(?:\.[a-z0-9-]+)+|apps|batch|policy|autoscaling)\/(.*)$/.exec(key) ?? [];
  return { group, resources: resources.split(",") };
};

/** `serviceAccount`, `rbac` and what of the pod belongs to them, for `app-template`; nothing without a role. */
export const clusterRoleValues = ({ name, clusterRole }: ResolvedApp): HelmValues => {
  if (!clusterRole) return {};
  const account = { identifier: name };
  const rules = Object.entries(clusterRole).map(([key, verbs]) => {
    const { group, resources } = parts(key);
    return { apiGroups: [group], resources, verbs: verbs === "read" ? READ : [...verbs] };
  });
  return {
    defaultPodOptions: { automountServiceAccountToken: true },
    serviceAccount: { [name]: {} },
    controllers: { main: { serviceAccount: account } },
    rbac: {
      roles: { [name]: { type: "ClusterRole", rules } },
      bindings: { [name]: { type: "ClusterRoleBinding", roleRef: account, subjects: [account] } },
    },
  };
};

/** A role is of use to what reaches the API, and lets nobody do everything. */
export const clusterRoleProblems = (
  { clusterRole, links }: ResolvedApp,
  _: unknown,
  line: Line,
): string[] => {
  if (!clusterRole) return [];
  const reachesApi = links.some((link) => link.kind === "nodes" && link.entities.includes("kube-apiserver"));
  return [
    ...(reachesApi ? [] : [line("network", "must hold usesKubernetesApi(): it has a clusterRole", [])]),
    ...Object.entries(clusterRole).flatMap(([key, verbs]) => [
      ...(RESOURCES.test(key)
        ? []
        : [line("clusterRole", "must be resources, e.g. pods,nodes or apps/deployments", key)]),
      ...(verbs !== "read" &&
      (verbs.includes("*") ||
        (parts(key).resources.includes("*") && verbs.some((verb) => !READ.includes(verb))))
        ? [
            line(
              `clusterRole.${key}`,
              "must name the verbs and resources that it needs: all of them are the cluster's own",
              verbs,
            ),
          ]
        : []),
    ]),
  ];
};
