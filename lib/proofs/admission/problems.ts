/** Apps whose pods admission would change against what they declare. */

import type { ChartFacts } from "../../../environments/recorded/chart-facts.ts";
import { admission, overrides } from "../../admission/admit.ts";
import type { AdmissionWorld } from "../../admission/mutate.ts";
import { remembered } from "../../core/synthesis/proof-memory.ts";
import type { NamespaceSize } from "../../governance/sizes.ts";

const PREFIX = "admission-";

/** An app by what admission has to know of it. */
export interface AdmittedApp {
  readonly name: string;
  /** Namespace of the release. */
  readonly namespace: string;
  /** Size of the namespace; undefined where none governs it. */
  readonly size: NamespaceSize | undefined;
  /** The objects that its chart becomes. */
  readonly facts: ChartFacts | undefined;
}

/** Lines for what admission would do to the pods of an app against its declaration; none for an unknown chart. */
export const admissionFindings = (
  { name, namespace, size, facts }: AdmittedApp,
  world: AdmissionWorld,
): string[] => {
  if (!facts?.known) return [];
  const running = [...facts.workloads, ...facts.operated].filter(({ spec }) => spec.replicas !== 0);
  return running.flatMap((workload) =>
    overrides(admission(workload, namespace, world, size)).map(
      ({ field, declared = "nothing, and nothing says that it is not root", effective = "nothing", by }) =>
        `apps.${name}: ${workload.kind} ${workload.metadata.name}: ${field}: must run as declared: policy ${by?.policy}, rule ${by?.rule} would make it ${effective}: got ${declared}`,
    ),
  );
};

type World = Pick<AdmissionWorld, "rules" | "sizes"> & { readonly priorities: readonly [string, number][] };

/** The findings of each app, in their order. */
const judged = (apps: readonly AdmittedApp[], { priorities, ...world }: World): string[][] =>
  apps.map((app) => admissionFindings(app, { ...world, priorities: new Map(priorities) }));

/** Findings that nobody accepted, and acceptances without one; of an unknown chart nothing is judged. */
export const admissionProblems = (
  apps: readonly AdmittedApp[],
  acceptedRisks: readonly string[],
  world: AdmissionWorld,
): string[] => {
  const { rules, sizes, priorities } = world;
  const lines = remembered(
    "admission",
    judged,
    apps.map(({ name, namespace, size, facts }) => ({ name, namespace, size, facts })),
    { rules, sizes, priorities: [...priorities] },
  );
  const findings = new Map(apps.map(({ name }, at) => [`${PREFIX}${name}`, lines[at] ?? []]));
  const unknown = apps.filter(({ facts }) => facts?.known !== true).map(({ name }) => `${PREFIX}${name}`);
  const accepted = (id: string) => acceptedRisks.includes(id);
  return [
    ...[...findings].flatMap(([id, lines]) =>
      accepted(id) ? [] : lines.map((line) => `${line} (the accepted risk ${id} would silence this)`),
    ),
    ...acceptedRisks
      .filter((id) => id.startsWith(PREFIX) && !unknown.includes(id) && (findings.get(id)?.length ?? 0) === 0)
      .map(
        (id) =>
          `acceptedRisks.${id}: must silence something; admission leaves that app as declared: got "${id}"`,
      ),
  ];
};
