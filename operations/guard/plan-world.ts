/** Both sides of a plan as whole environments: every object before and after, those of the other stacks among them. */
import { type Fields, fieldsOf, textOf } from "../../lib/core/fields.ts";
import { contentsOf } from "./contents.ts";
import type { PlannedResource, TerraformPlan } from "./terraform-plan.ts";

export interface WorldObject {
  readonly address: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Empty when it cannot be read. */
  readonly object: Fields;
}

export interface PlanWorld {
  readonly before: readonly WorldObject[];
  readonly after: readonly WorldObject[];
}

/** An Application with the namespace that it deploys to. */
export interface WorldApplication {
  readonly name: string;
  readonly project: string;
  readonly namespace: string;
  readonly object: Fields;
}

type Resource = Pick<PlannedResource, "address" | "type" | "values">;

const objectsOf = (resources: readonly Resource[]): WorldObject[] =>
  resources.flatMap(({ address, type, values }) =>
    contentsOf(type, { values, unknown: {}, sensitive: false }).map(({ kind, name, namespace, value }) => ({
      address,
      kind,
      name,
      namespace,
      object: fieldsOf(value),
    })),
  );

/** Builds the objects before and after a plan; those that Terraform only forgets are still there after it. */
export const worldOf = (plan: TerraformPlan, others: readonly Resource[] = []): PlanWorld => {
  const elsewhere = objectsOf(others);
  const forgotten = plan.changes.filter(({ kind }) => kind === "forget");
  return {
    before: [...objectsOf(plan.before), ...elsewhere],
    after: [
      ...objectsOf(plan.after),
      ...objectsOf(forgotten.map((change) => ({ ...change, values: change.before }))),
      ...elsewhere,
    ],
  };
};

export const applicationsOf = (objects: readonly WorldObject[]): WorldApplication[] =>
  objects
    .filter(({ kind }) => kind === "Application")
    .map(({ name, object }) => {
      const { project, destination } = fieldsOf(object.spec);
      return { name, project: textOf(project), namespace: textOf(fieldsOf(destination).namespace), object };
    });

/** An object, or the one of a block that Terraform writes as a list. */
export const only = (value: unknown): Fields => fieldsOf(Array.isArray(value) ? value[0] : value);
