/** Secrets of apps: objects that have an operator fetch them. A value never passes through Terraform. */

import type { CustomResourceObject } from "../core/kubernetes/custom-resource.ts";
import type { HttpUrl } from "../core/values/http-url.ts";
import type { ResolvedApp } from "./resolved-app.ts";

/** The store that keeps secrets. */
export type SecretStore =
  | {
      readonly kind: "infisical";
      /** URL of the server. */
      readonly server: HttpUrl;
      /** Slug of the project. */
      readonly project: string;
      /** Slug of the environment. */
      readonly environment: string;
      /** Secret with `clientId` and `clientSecret`. */
      readonly credentials: { readonly name: string; readonly namespace: string };
      /** Seconds between two looks. */
      readonly resyncSeconds: number;
    }
  | {
      readonly kind: "external-secrets";
      /** Name of a ClusterSecretStore. */
      readonly clusterSecretStore: string;
      /** Seconds between two looks. */
      readonly resyncSeconds: number;
    };

/** The last part of a path; `<app>` for a path of the app's own. */
const leaf = (path: string): string => path.split("/").at(-1) ?? "";

/** The Secret of an app from a path. */
export const secretNameOf = (app: string, path: string): string =>
  leaf(path) === app ? `${app}-secrets` : `${app}-${leaf(path)}-secrets`;

/**
 * The Secrets that the app finds in its namespace, in the order of its paths: `headlamp-secrets` for the app's own
 * path, `headlamp-smtp-secrets` for `/apps/shared/smtp`. An image gets them as environment variables.
 */
export const secretNames = ({ name, secrets }: Pick<ResolvedApp, "name" | "secrets">): string[] =>
  secrets.map((path) => secretNameOf(name, path));

/** The kind of the objects that fetch secrets, as `group/Kind`. */
export const secretKind = ({ kind }: Pick<SecretStore, "kind">): string =>
  kind === "infisical" ? "secrets.infisical.com/InfisicalSecret" : "external-secrets.io/ExternalSecret";

/** One object for each path. */
export const secretObjects = (app: ResolvedApp, store: SecretStore): CustomResourceObject[] =>
  app.secrets.map((path) =>
    store.kind === "infisical" ? infisicalSecret(app, path, store) : externalSecret(app, path, store),
  );

type Infisical = Extract<SecretStore, { kind: "infisical" }>;
type ExternalSecrets = Extract<SecretStore, { kind: "external-secrets" }>;

/** Source: the CRD of Infisical's operator, secrets.infisical.com/v1alpha1. */
const infisicalSecret = (
  { name, namespace }: ResolvedApp,
  path: string,
  { server, project, environment, credentials, resyncSeconds }: Infisical,
): CustomResourceObject & { spec: object } => ({
  apiVersion: "secrets.infisical.com/v1alpha1",
  kind: "InfisicalSecret",
  metadata: { name: secretNameOf(name, path), namespace },
  spec: {
    hostAPI: server,
    resyncInterval: resyncSeconds,
    authentication: {
      universalAuth: {
        credentialsRef: { secretName: credentials.name, secretNamespace: credentials.namespace },
        secretsScope: { projectSlug: project, envSlug: environment, secretsPath: path },
      },
    },
    managedSecretReference: {
      secretName: secretNameOf(name, path),
      secretNamespace: namespace,
      creationPolicy: "Owner",
    },
  },
});

/** Source: the CRD of External Secrets Operator, external-secrets.io/v1. */
const externalSecret = (
  { name, namespace }: ResolvedApp,
  path: string,
  { clusterSecretStore, resyncSeconds }: ExternalSecrets,
): CustomResourceObject & { spec: object } => ({
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  metadata: { name: secretNameOf(name, path), namespace },
  spec: {
    refreshInterval: `${resyncSeconds}s`,
    secretStoreRef: { kind: "ClusterSecretStore", name: clusterSecretStore },
    target: { name: secretNameOf(name, path), creationPolicy: "Owner" },
    dataFrom: [{ find: { path, name: { regexp: ".*" } } }],
  },
});
