import { expect, test } from "vitest";
import { gitopsClaims } from "../../../operations/coexist/gitops-claims.ts";

const placed = (apiVersion: string, kind: string, name: string, spec: object) => ({
  ...{ app: "app", namespace: "ns", name },
  object: { apiVersion, kind, metadata: { name }, spec },
});
const claim = (name: string) => placed("v1", "PersistentVolumeClaim", name, {});
const pod = (claimName: string, ...sidecars: string[]) => ({
  template: {
    spec: {
      volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
      containers: [{ name: "main" }],
      initContainers: sidecars.map((name) => ({ name })),
    },
  },
});

test("claims of the GitOps side say who makes them and what saves them", () => {
  const found = gitopsClaims([
    ...["copied", "alone", "idle"].map(claim),
    placed("apps/v1", "Deployment", "a", pod("copied", "dataangel")),
    placed("batch/v1", "CronJob", "b", { jobTemplate: { spec: pod("alone") } }),
    placed("apps/v1", "StatefulSet", "c", {
      ...pod("other", "litestream"),
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    }),
    placed("postgresql.cnpg.io/v1", "Cluster", "saved", { backup: {} }),
    placed("postgresql.cnpg.io/v1", "Cluster", "lost", {}),
  ]);
  expect(found.map(({ id, by, backup }) => [id, by, backup])).toEqual([
    ["ns/copied", "a manifest", "DataAngel, file by file"],
    ["ns/alone", "a manifest", "nothing that its manifests say"],
    ["ns/idle", "a manifest", "nothing: no pod mounts it"],
    ["ns/data-c-0", "StatefulSet c", "Litestream, its SQLite database"],
    ["ns/saved-1", "Cluster saved", "CloudNativePG, base backups and the write-ahead log"],
    ["ns/lost-1", "Cluster lost", "nothing that its manifests say"],
  ]);
});
