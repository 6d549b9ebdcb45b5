/** Every scenario that there is a runbook for. */
import type { Environment } from "../../environments/schema.ts";
import { Recovery } from "./recovery.ts";
import { type Runbook, runbookMarkdown } from "./runbook.ts";
import { corruptMember } from "./scenarios/corrupt-member.ts";
import { cutOffDeploy } from "./scenarios/cut-off-deploy.ts";
import { deletedNamespace } from "./scenarios/deleted-namespace.ts";
import { lostEtcd } from "./scenarios/etcd.ts";
import { expiredCredentials } from "./scenarios/expired-credentials.ts";
import { leakedKey } from "./scenarios/leaked-key.ts";
import { lostAgeKey } from "./scenarios/lost-age-key.ts";
import { lostBucket } from "./scenarios/lost-bucket.ts";
import { lostCluster } from "./scenarios/lost-cluster.ts";
import { lostMajority } from "./scenarios/lost-majority.ts";
import { lostNas } from "./scenarios/lost-nas.ts";
import { lostNode } from "./scenarios/lost-node.ts";
import { lostVolume } from "./scenarios/lost-volume.ts";
import { lostWorkstation } from "./scenarios/lost-workstation.ts";
import { powerCut } from "./scenarios/power-cut.ts";
import { wrongApply } from "./scenarios/wrong-apply.ts";

const SCENARIOS: Readonly<Record<string, (recovery: Recovery) => Runbook>> = {
  etcd: lostEtcd,
  "lost-node": lostNode,
  "lost-majority": lostMajority,
  "lost-cluster": lostCluster,
  "lost-bucket": lostBucket,
  "deleted-namespace": deletedNamespace,
  "lost-volume": lostVolume,
  "expired-credentials": expiredCredentials,
  "leaked-key": leakedKey,
  "wrong-apply": wrongApply,
  "cut-off-deploy": cutOffDeploy,
  "power-cut": powerCut,
  "corrupt-member": corruptMember,
  "lost-nas": lostNas,
  "lost-workstation": lostWorkstation,
  "lost-age-key": lostAgeKey,
};

/** The names that `npm run homelab -- runbook` takes. */
export const scenarioNames: readonly string[] = Object.keys(SCENARIOS);

/** Scenarios whose steps read no backup. */
const WITHOUT_BACKUP: readonly string[] = [
  ...["lost-node", "cut-off-deploy", "power-cut", "corrupt-member"],
  ...["lost-nas", "lost-workstation"],
];

/** The scenarios that an environment has a way out of: where nothing is backed up, nothing is restored. */
export const scenariosOf = ({ backup }: Pick<Environment, "backup">): readonly string[] =>
  backup === null ? WITHOUT_BACKUP : scenarioNames;

/** The runbook of a scenario; undefined when there is none of that name. */
export const runbookOf = (environment: Environment, scenario: string): Runbook | undefined =>
  Object.hasOwn(SCENARIOS, scenario) ? SCENARIOS[scenario]?.(new Recovery(environment)) : undefined;

/** All runbooks of an environment and a page that leads to them, by the path under `docs/runbooks`. */
export const runbookFiles = (environment: Environment): ReadonlyMap<string, string> => {
  const { name } = environment;
  const runbooks = scenariosOf(environment).flatMap((scenario) => runbookOf(environment, scenario) ?? []);
  return new Map([
    [`${name}/README.md`, overview(environment, runbooks)],
    ...runbooks.map((runbook): [string, string] => [
      `${name}/${runbook.name}.md`,
      runbookMarkdown(name, runbook),
    ]),
  ]);
};

const overview = ({ name: environment, backup }: Environment, runbooks: readonly Runbook[]): string =>
  `${[
    `# ${environment}: when something is lost`,
    "",
    `Written by \`npm run homelab -- runbook\` from \`environments/${environment}.ts\`. Figures are computed from the schedules, or estimated; none of the times was measured on machines. What the drill measured: [drill.md](../drill.md).`,
    "",
    ...(backup === null
      ? [
          "Nothing is backed up here (`backup: null`), so there is no way back for etcd, a volume or the whole cluster: deploy it anew, and it comes back as the repository says, without its data.",
          "",
        ]
      : []),
    "| what | lost at most | takes |",
    "|---|---|---|",
    ...runbooks.map(
      ({ name, title, loses, takes }) => `| [${title}](${name}.md) | ${loses.value} | ${takes.value} |`,
    ),
  ].join("\n")}\n`;
