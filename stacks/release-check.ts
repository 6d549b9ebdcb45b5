/** Releases of Helm that Terraform makes: their recorded facts are about what is sent. */
import { Release } from "@cdktf/provider-helm/lib/release";
import { type ChartSource, SECRET } from "../environments/recorded/chart-request.ts";
import { renderingProblems } from "../environments/recorded/rendering-problems.ts";
import { claimsMade } from "../lib/app/rendered-problems.ts";
import type { HomelabStack } from "./homelab-stack.ts";

const problemsOf = (release: Release, environment: string, charts: ChartSource): string[] => {
  const {
    nameInput = "",
    namespaceInput = "",
    repositoryInput = "",
    chartInput = "",
    versionInput = "",
  } = release;
  const secrets = release.setSensitive.internalValue;
  const answer = charts({
    environment,
    release: nameInput,
    namespace: namespaceInput,
    repository: repositoryInput,
    chart: chartInput,
    version: versionInput,
    values: release.valuesInput?.[0] ?? "",
    ...(Array.isArray(secrets) &&
      secrets.length > 0 && {
        parameters: secrets.map(({ name }) => ({ name, value: SECRET, forceString: true })),
      }),
  });
  const claims = "known" in answer && answer.known ? claimsMade(answer) : [];
  const unsaved = claims.map((value) => ({
    path: "claims",
    rule: "must be none: nothing backs them up",
    value,
  }));
  return [...renderingProblems(answer), ...unsaved].map(
    ({ path, rule, value }) => `releases.${nameInput}.${path}: ${rule}: got ${JSON.stringify(value)}`,
  );
};

/** Refuses releases whose values were never rendered as they are now, or have no effect. */
export const addReleaseCheck = (stack: HomelabStack, charts: ChartSource): void =>
  stack.node.addValidation({
    validate: () =>
      stack.node
        .findAll()
        .filter((each) => each instanceof Release)
        .flatMap((release) => problemsOf(release, stack.environment.name, charts)),
  });
