/** Runs `homelab remove-app`: says the steps that remove an app whole, so that no half of it stays managed. */
import { existsSync } from "node:fs";
import { fieldsOf } from "../../lib/core/fields.ts";
import { environmentNamed, environmentNames } from "../cli/environments.ts";
import { synthesizedStacks } from "../cli/synthesized-stacks.ts";
import { changesOf, displayPath, displayValues } from "../guard/changes.ts";
import { otherResources } from "../guard/other-resources.ts";

interface Output {
  out(line: string): void;
  err(line: string): void;
}

type Resource = ReturnType<typeof otherResources>[number];

/** Days for which the waiver of the Application counts. */
const WAIVED_DAYS = 7;

/** Types that are forgotten instead of destroyed, because they hold data. */
const HOLDS_DATA = /^kubernetes_(namespace|persistent_volume_claim)/;

/** Returns the exit code. */
export const removeAppCommand = (
  app: string,
  only: string | undefined,
  today: Date,
  { out, err }: Output,
): number => {
  const found = (only === undefined ? environmentNames : [only])
    .map((name) => ({ name, resources: resourcesOf(app, name) }))
    .filter(({ resources }) => resources.length > 0);
  if (found.length === 0) {
    err(`remove-app: no app ${app} in ${only ?? environmentNames.join(" or ")}: see apps/index.ts`);
    return 1;
  }
  for (const { name, resources } of found) out(removalSteps(app, name, resources, today));
  return 0;
};

const resourcesOf = (app: string, environment: string): Resource[] =>
  otherResources(environmentNamed(environment), "", synthesizedStacks).filter(({ address }) =>
    address.split(".")[1]?.startsWith(`apps_${app}_`),
  );

/** The steps, with the data to paste. */
export const removalSteps = (
  app: string,
  environment: string,
  resources: readonly Resource[],
  today: Date,
): string => {
  const kept = resources.filter(({ type }) => HOLDS_DATA.test(type));
  const namespaces = kept
    .filter(({ type }) => type.startsWith("kubernetes_namespace"))
    .map(({ values }) => String(fieldsOf(values.metadata).name));
  const file = `apps/${app}.ts`;
  return [
    `# ${environment}: remove ${app}: ${resources.length} resources, ${kept.length} of them only forgotten`,
    "",
    `1. Take ${app} out of ${existsSync(file) ? `${file} and ` : ""}apps/index.ts, or out of ${environment} alone with an override; then:`,
    "   npm run homelab -- logical-ids",
    "",
    `2. Write this into environments/${environment}.ts, beside what is there:`,
    "   removed: [",
    ...kept.map(
      ({ address }) =>
        `     { layer: "apps", resource: "${address}", reason: "The app ${app} goes; what it kept is looked at first." },`,
    ),
    "   ],",
    "   waivers: [",
    ...resources.flatMap((resource) => waiver(app, resource, today)),
    "   ],",
    "",
    "3. Plan, read, apply. The Application goes first, with everything that it deployed; Terraform waits for that, and",
    "   only then takes project, policies, quota and route away:",
    `   npm run homelab -- deploy ${environment}-apps`,
    "",
    "4. Nothing of it runs any more:",
    `   kubectl get application -n argocd ${app}   # NotFound`,
    ...namespaces.flatMap((namespace) => [
      `   kubectl get all,persistentvolumeclaim -n ${namespace}`,
      `   kubectl delete namespace ${namespace}   # only when what its claims hold is not needed, or is kept elsewhere`,
    ]),
    "",
    "5. Take what step 2 wrote out again.",
    "",
  ].join("\n");
};

/** The review of the one destroy that loses something: that of the Application. */
const waiver = (app: string, { address, type, values }: Resource, today: Date): string[] => {
  const until = new Date(today.getTime() + WAIVED_DAYS * 24 * 60 * 60_000).toISOString().slice(0, 10);
  return changesOf({
    address,
    type,
    name: address.split(".")[1] ?? "",
    provider: "",
    kind: "delete",
    actions: ["delete"],
    imported: false,
    before: values,
    after: {},
    afterUnknown: {},
    beforeSensitive: false,
    afterSensitive: false,
  })
    .filter(({ kind }) => kind === "Application")
    .map((change) => {
      const { before, after } = displayValues(change);
      const fields = { rule: "load-bearing", resource: address, path: displayPath(change), before, after };
      const written = Object.entries(fields).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
      return `     { ${written.join(", ")}, reason: "The app ${app} goes, with what it deployed.", until: "${until}" },`;
    });
};
