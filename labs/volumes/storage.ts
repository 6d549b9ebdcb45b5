/** Plays the drivers of an environment's storage classes: a claim gets a volume, which is a directory. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../environments/schema.ts";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import type { ApiClient } from "../simulate/api-client.ts";

const DRIVER = "csi.san.synology.com";
const NODE_DRIVER = "rancher.io/local-path";
const VOLUMES = "/api/v1/persistentvolumes";

type StorageClass = Environment["storageClasses"][number];

/** A class by its name: those that end in `retain` keep their volumes, those of a node wait for a pod. */
export const classObject = ({ name, onNode }: StorageClass): KubernetesObject => ({
  ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } },
  provisioner: onNode ? NODE_DRIVER : DRIVER,
  reclaimPolicy: name.endsWith("retain") ? "Retain" : "Delete",
  volumeBindingMode: onNode ? "WaitForFirstConsumer" : "Immediate",
});

export class Storage {
  constructor(
    private readonly api: Pick<ApiClient, "ask" | "make">,
    private readonly classes: readonly StorageClass[],
    private readonly directory: string,
  ) {}

  /** Makes volumes of new claims, and deletes those that nobody keeps. */
  async tick(): Promise<void> {
    const items = async (path: string) =>
      listOf(fieldsOf(await this.api.ask("GET", path)).items).map(fieldsOf);
    const volumes = await items(VOLUMES);
    const known = new Set(volumes.map(({ metadata }) => textOf(fieldsOf(metadata).name)));
    for (const claim of await items("/api/v1/persistentvolumeclaims")) {
      const volume = this.volumeFor(claim);
      if (volume === undefined || known.has(volume.metadata.name)) continue;
      mkdirSync(join(this.directory, volume.metadata.name), { recursive: true });
      await this.api.make(VOLUMES, [volume]);
    }
    for (const { metadata, spec, status } of volumes) {
      const name = textOf(fieldsOf(metadata).name);
      if (fieldsOf(status).phase !== "Released" || fieldsOf(spec).persistentVolumeReclaimPolicy !== "Delete")
        continue;
      rmSync(join(this.directory, name), { recursive: true, force: true });
      await this.api.ask("DELETE", `${VOLUMES}/${name}`);
    }
  }

  private volumeFor({ metadata, spec }: Record<string, unknown>): KubernetesObject | undefined {
    const { name, namespace, uid, annotations } = fieldsOf(metadata);
    const { storageClassName, volumeName, accessModes, resources } = fieldsOf(spec);
    const used = this.classes.find((each) => each.name === storageClassName);
    const node = fieldsOf(annotations)["volume.kubernetes.io/selected-node"];
    if (used === undefined || volumeName !== undefined || (used.onNode && node === undefined))
      return undefined;
    const { provisioner, reclaimPolicy } = classObject(used);
    const expression = { key: "kubernetes.io/hostname", operator: "In", values: [node] };
    return {
      ...{ apiVersion: "v1", kind: "PersistentVolume" },
      metadata: {
        name: `pvc-${textOf(uid)}`,
        annotations: { "pv.kubernetes.io/provisioned-by": provisioner },
      },
      spec: {
        ...{ accessModes, storageClassName, persistentVolumeReclaimPolicy: reclaimPolicy },
        capacity: fieldsOf(resources).requests,
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
        ...(used.onNode
          ? {
              hostPath: { path: `/var/mnt/local-path-provisioner/${name}` },
              nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
            }
          : { csi: { driver: DRIVER, volumeHandle: textOf(uid), fsType: "ext4" } }),
      },
    };
  }
}
