/** The claims of a GitOps side, and what saves each as its manifests say. */
import type { GitopsClaim } from "../../environments/recorded/gitops-facts.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { groupKindOf } from "../../lib/core/kubernetes/object-id.ts";
import type { PlacedObject } from "./rendered.ts";

/** Containers that copy a volume away, and how. */
const SIDECARS: Readonly<Record<string, string>> = {
  dataangel: "DataAngel, file by file",
  litestream: "Litestream, its SQLite database",
};
const NOTHING = "nothing that its manifests say";

/**
 * Claims of manifests, of StatefulSets and of CloudNativePG. Velero's Schedules stand in a chart's values there, which are
 * not read.
 */
export const gitopsClaims = (objects: readonly PlacedObject[]): GitopsClaim[] =>
  objects.flatMap(({ object, app, namespace, name }) => {
    const spec = fieldsOf(object.spec);
    const claim = (own: string, by: string, backup: string): GitopsClaim => ({
      ...{ id: `${namespace}/${own}`, app, by, backup },
    });
    switch (groupKindOf(object)) {
      case "postgresql.cnpg.io/Cluster": {
        const backup = spec.backup ? "CloudNativePG, base backups and the write-ahead log" : NOTHING;
        return [claim(`${name}-1`, `Cluster ${name}`, backup)];
      }
      case "/PersistentVolumeClaim": {
        const pods = objects
          .filter((each) => each.namespace === namespace)
          .map(podSpecOf)
          .filter((pod) => mounts(pod, name));
        const idle = pods.length === 0 ? "nothing: no pod mounts it" : NOTHING;
        return [claim(name, "a manifest", pods.flatMap(sidecarsOf)[0] ?? idle)];
      }
      case "apps/StatefulSet":
        return listOf(spec.volumeClaimTemplates).map((template) =>
          claim(
            `${textOf(fieldsOf(fieldsOf(template).metadata).name)}-${name}-0`,
            `StatefulSet ${name}`,
            sidecarsOf(fieldsOf(fieldsOf(spec.template).spec))[0] ?? NOTHING,
          ),
        );
      default:
        return [];
    }
  });

const podSpecOf = ({ object }: PlacedObject): Fields => {
  const { template, jobTemplate } = fieldsOf(object.spec);
  return fieldsOf(fieldsOf(template ?? fieldsOf(fieldsOf(jobTemplate).spec).template).spec);
};

const mounts = ({ volumes }: Fields, claim: string): boolean =>
  listOf(volumes).some((volume) => fieldsOf(fieldsOf(volume).persistentVolumeClaim).claimName === claim);

const sidecarsOf = ({ containers, initContainers }: Fields): string[] =>
  [...listOf(containers), ...listOf(initContainers)].flatMap(
    (container) => SIDECARS[textOf(fieldsOf(container).name)] ?? [],
  );
