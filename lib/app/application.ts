/** Objects for ArgoCD of an app: its Application, in an AppProject that lets it do no more than that. */
import { Application } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/Application";
import { AppProject } from "@kubernetes-models/argo-cd/argoproj.io/v1alpha1/AppProject";
import type { ChartFacts } from "../../environments/recorded/chart-facts.ts";
import type { ChartAnswer, ChartRequest, ChartSource } from "../../environments/recorded/chart-request.ts";
import { fieldsOf, listOf } from "../core/fields.ts";
import { computedOnceOf } from "../core/memo.ts";
import { managedLabels } from "../core/platform/names.ts";
import { APP_TEMPLATE, appTemplateValues } from "./app-template.ts";
import { chartValues } from "./chart-values.ts";
import { projectKinds } from "./rendered-kinds.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const SERVER = "https://kubernetes.default.svc";

/** `group/Kind`; the core group is empty. */
const groupKind = (text: string): { group: string; kind: string } => {
  const at = text.lastIndexOf("/");
  return { group: text.slice(0, at), kind: text.slice(at + 1) };
};

/** The request with which ArgoCD has Helm render the app; undefined for a Git path. */
const chartRequestOf = (app: ResolvedApp): ChartRequest | undefined => {
  const { repoURL, chart, targetRevision, helm } = applicationSource(app);
  if (typeof chart !== "string") return undefined;
  const { valuesObject, parameters } = fieldsOf(helm);
  return {
    environment: app.environment,
    release: app.name,
    namespace: app.namespace,
    repository: repoURL,
    chart,
    version: targetRevision,
    values: fieldsOf(valuesObject),
    ...(parameters !== undefined && { parameters: listOf(parameters).map(fieldsOf) }),
  };
};

/** The recorded facts about its chart; catalogues with stale facts are refused before. */
export const applicationFacts = (
  app: ResolvedApp,
  { charts }: { readonly charts: ChartSource },
): ChartFacts | undefined => {
  const answer = answerOf(app, charts);
  return answer && "known" in answer ? answer : undefined;
};

/** The recorded facts of what ArgoCD has Helm render, or why they do not count; undefined for a Git path. */
export const answerOf = (app: ResolvedApp, charts: ChartSource): ChartAnswer | undefined =>
  answersFrom(charts)(app);

const answersFrom = computedOnceOf((charts: ChartSource) =>
  computedOnceOf((app: ResolvedApp) => {
    const request = chartRequestOf(app);
    return request && charts(request);
  }),
);

type Source = { readonly repoURL: string; readonly targetRevision: string } & Record<string, unknown>;

/** Repository, revision and what to make of it. */
const applicationSource = (app: ResolvedApp): Source => {
  const parameters = app.parameters.map(({ name, value }) => ({
    name,
    value: String(value),
    ...(typeof value === "string" && { forceString: true }),
  }));
  const withParameters = parameters.length > 0 && { parameters };
  const { source } = app;
  switch (source.kind) {
    case "image":
      return {
        repoURL: APP_TEMPLATE.repository,
        chart: APP_TEMPLATE.name,
        targetRevision: APP_TEMPLATE.version,
        helm: { releaseName: app.name, valuesObject: appTemplateValues(app), ...withParameters },
      };
    case "chart": {
      const { repository, name } = source.props.chart;
      return {
        // ArgoCD wants the registry of an OCI chart without its scheme.
        repoURL: repository.replace(/^oci:\/\//, ""),
        chart: name,
        targetRevision: source.version,
        helm: { releaseName: app.name, valuesObject: chartValues(app), ...withParameters },
      };
    }
    case "git": {
      const { repository, path, revision, workloads } = source.props.git;
      return {
        repoURL: repository,
        path: path.replaceAll("{environment}", app.environment),
        targetRevision: revision,
        ...(app.hibernates && {
          kustomize: { replicas: workloads.map((name) => ({ name, count: 0 })) },
        }),
      };
    }
  }
};

export const applicationObject = (app: ResolvedApp, argocd: string): Application =>
  new Application({
    metadata: {
      name: app.name,
      namespace: argocd,
      labels: managedLabels(app.names.prefix, app.environment),
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    },
    spec: {
      project: app.name,
      source: applicationSource(app),
      destination: { server: SERVER, namespace: app.namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: [
          "CreateNamespace=false",
          "ServerSideApply=true",
          "ApplyOutOfSyncOnly=true",
          "PruneLast=true",
          // An object that another Application has stays with it: the sync fails and says so.
          "FailOnSharedResource=true",
          "RespectIgnoreDifferences=true",
        ],
        // About half an hour, so that an app outlives the start of what it depends on.
        retry: { limit: 10, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
      },
      revisionHistoryLimit: 3,
      ...(app.declaration.props.ignoreDifferences && {
        ignoreDifferences: app.declaration.props.ignoreDifferences.map((each) => ({
          ...each,
          jsonPointers: [...each.jsonPointers],
        })),
      }),
    },
  });

/** @param facts what is known of its chart */
export const projectObject = (
  app: ResolvedApp,
  argocd: string,
  facts: ChartFacts | undefined,
): AppProject => {
  const { alsoInto = [] } = app.declaration.props;
  const { cluster, namespaced } = projectKinds(app, facts);
  return new AppProject({
    metadata: {
      name: app.name,
      namespace: argocd,
      labels: managedLabels(app.names.prefix, app.environment),
      // ArgoCD keeps the project until no Application needs it: without it an Application cannot be deleted.
      finalizers: ["resources-finalizer.argocd.argoproj.io"],
    },
    spec: {
      description: `What the app ${app.name} may do.`,
      sourceRepos: [applicationSource(app).repoURL],
      destinations: [app.namespace, ...alsoInto].map((namespace) => ({ server: SERVER, namespace })),
      clusterResourceWhitelist: cluster.map(groupKind),
      namespaceResourceWhitelist: namespaced.map(groupKind),
    },
  });
};
