/** Secrets of apps: objects that have an operator fetch them. A value never passes through Terraform. */

import { ClusterSecretStore } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ClusterSecretStore";
import { ExternalSecret } from "@kubernetes-models/external-secrets/external-secrets.io/v1/ExternalSecret";
import type { Environment } from "../../environments/schema.ts";
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
      /** The source behind it. */
      readonly provider: SecretProvider;
      /** Seconds between two looks. */
      readonly resyncSeconds: number;
    };

type SecretProvider = Extract<Environment["secretStore"], { kind: "external-secrets" }>["provider"];

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

/** A path as the key of one secret, or as a folder of secrets whose names are the keys. */
const external = (path: string, provider: SecretProvider) =>
  provider.kind === "existing" && provider.reads === "folder"
    ? { find: { path, name: { regexp: ".*" } } }
    : { extract: { key: keyOf(path) } };

const keyOf = (path: string): string => path.replace(/^\//, "");

const externalSecret = (
  { name, namespace }: ResolvedApp,
  path: string,
  { clusterSecretStore, provider, resyncSeconds }: ExternalSecrets,
): ExternalSecret =>
  new ExternalSecret({
    metadata: { name: secretNameOf(name, path), namespace },
    spec: {
      refreshInterval: `${resyncSeconds}s`,
      secretStoreRef: { kind: "ClusterSecretStore", name: clusterSecretStore },
      target: { name: secretNameOf(name, path), creationPolicy: "Owner" },
      dataFrom: [external(path, provider)],
    },
  });

/** The store that the operator reads, where it is made here. */
export const secretStoreObject = (store: SecretStore): ClusterSecretStore | undefined => {
  if (store.kind !== "external-secrets" || store.provider.kind === "existing") return undefined;
  return new ClusterSecretStore({
    metadata: { name: store.clusterSecretStore },
    spec: { provider: behind(store.provider) },
  });
};

const behind = (provider: Exclude<SecretProvider, { kind: "existing" }>) =>
  provider.kind === "vault"
    ? {
        vault: {
          server: `${provider.server}`,
          path: provider.mount,
          version: "v2" as const,
          // Without a reference the operator's own ServiceAccount logs in.
          auth: { kubernetes: { mountPath: "kubernetes", role: provider.role } },
        },
      }
    : {
        fake: {
          data: Object.entries(provider.secrets).map(([path, fields]) => ({
            key: keyOf(path),
            value: JSON.stringify(fields),
          })),
        },
      };
