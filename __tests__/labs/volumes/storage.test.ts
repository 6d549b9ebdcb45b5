import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { classObject, Storage } from "../../../labs/volumes/storage.ts";
import { environmentNamed } from "../../../operations/cli/environments.ts";

const { storageClasses } = environmentNamed("prod");

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "storage-test-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const claim = (name: string, storageClassName: string, annotations = {}) => ({
  metadata: { name, namespace: "services", uid: name, annotations },
  spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
});

/** An API server with claims and volumes; keeps what is asked of it. */
const server = (claims: readonly object[], volumes: readonly object[] = []) => {
  const made: object[] = [];
  const deleted: string[] = [];
  return {
    made,
    deleted,
    ask: async (method: string, path: string) => {
      if (method === "DELETE") deleted.push(path);
      return { items: path.endsWith("claims") ? claims : volumes };
    },
    make: async (_: string, objects: readonly object[]) => {
      made.push(...objects);
    },
  };
};

test("a class whose name ends in retain keeps its volumes, one of a node waits for a pod", () => {
  const [name = "", binding = ""] = ["reclaimPolicy", "volumeBindingMode"];
  const found = Object.fromEntries(
    storageClasses.map(classObject).map((each) => [each.metadata.name, [each[name], each[binding]]]),
  );
  expect(found["synelia-iscsi-retain"]).toEqual(["Retain", "Immediate"]);
  expect(found["synelia-iscsi-delete"]).toEqual(["Delete", "Immediate"]);
  expect(found["local-path-retain"]).toEqual(["Retain", "WaitForFirstConsumer"]);
});

test("a new claim gets a volume of its driver, one on a node only where its pod is to run", async () => {
  const api = server([
    claim("data", "synelia-iscsi-retain"),
    claim("waits", "local-path-retain"),
    claim("placed", "local-path-retain", { "volume.kubernetes.io/selected-node": "pearl" }),
    claim("foreign", "another-class"),
  ]);
  await new Storage(api, storageClasses, directory).tick();
  expect(api.made).toMatchObject([
    { metadata: { name: "pvc-data" }, spec: { csi: { volumeHandle: "data" } } },
    { metadata: { name: "pvc-placed" }, spec: { hostPath: {}, nodeAffinity: {} } },
  ]);
  expect(existsSync(join(directory, "pvc-data"))).toBe(true);
});

test("a volume that its claim has left is deleted where its class says so, and not otherwise", async () => {
  const released = (name: string, persistentVolumeReclaimPolicy: string) => ({
    ...{ metadata: { name }, spec: { persistentVolumeReclaimPolicy }, status: { phase: "Released" } },
  });
  const api = server([], [released("kept", "Retain"), released("gone", "Delete")]);
  await new Storage(api, storageClasses, directory).tick();
  expect(api.deleted).toEqual(["/api/v1/persistentvolumes/gone"]);
});
