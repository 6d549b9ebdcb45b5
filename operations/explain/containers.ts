/** Containers of an app as they are declared, and as they run after admission. */
import { admission, type Field, fields } from "../../lib/admission/admit.ts";
import type { AppEnvironment } from "../../lib/app/app-environment.ts";
import { sizeOf } from "../../lib/app/app-pods.ts";
import { applicationFacts } from "../../lib/app/application.ts";
import type { ResolvedApp } from "../../lib/app/resolved-app.ts";

export interface ContainerFields {
  /** Kind and name of the workload, e.g. `Deployment/whoami`. */
  readonly pod: string;
  /** E.g. `containers.main`; `pod` for what all its containers share. */
  readonly container: string;
  /** Images, requests, limits and security contexts; labels and priority of the pod where a policy sets them. */
  readonly fields: readonly Field[];
}

const CONTAINER = /^((?:initC|c)ontainers\.[^.]+)\.(?:resources\.)?(.+)$/;

/** The containers that its chart renders and that operators make of it; none where nobody knows them. */
export const containersOf = (app: ResolvedApp, home: AppEnvironment): ContainerFields[] => {
  const facts = applicationFacts(app, home);
  if (!facts?.known) return [];
  return [...facts.workloads, ...facts.operated].flatMap((workload) => {
    const all = new Map<string, Field[]>();
    for (const each of fields(admission(workload, app.namespace, home.admission, sizeOf(app, home)))) {
      const [, container, name] = CONTAINER.exec(each.field) ?? [];
      if (container === undefined && each.by === undefined && each.field !== "priorityClassName") continue;
      const key = container ?? "pod";
      all.set(key, [...(all.get(key) ?? []), { ...each, field: name ?? each.field }]);
    }
    const pod = `${workload.kind}/${workload.metadata.name}`;
    return [...all].map(([container, found]) => ({ pod, container, fields: found }));
  });
};
