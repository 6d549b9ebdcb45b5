import {
  app,
  egressTo,
  metrics,
  Port,
  reachedBy,
  scrapedBy,
  talksToItself,
  usesKubernetesApi,
} from "../lib/app/index.ts";
import { cloudnativePg } from "./cloudnative-pg.ts";

const SQL = Port.tcp(5432);
/** Port at which the instance answers the operator. */
const STATUS = Port.tcp(8000);

const NAME = "postgresql-shared";

const BUCKET = "s3://vixens-prod-postgresql-shared/";

const s3 = (key: string) => ({ name: `${NAME}-secrets`, key });

/**
 * PostgreSQL for the apps that want it, run by CloudNativePG, which copies base backups and the write-ahead log to the
 * NAS. One instance: its claim outlives its node. The operator's own chart for clusters reads the S3 credentials by
 * other keys than the store has, so the cluster stands here as it is. Apps say `database(postgresqlShared)`;
 * authentik's role is not a managed one, because its path of the store has no `username`.
 */
export const postgresqlShared = app(NAME, {
  chart: {
    repository: "https://bjw-s-labs.github.io/helm-charts",
    name: "app-template",
    version: "4.1.1",
    alsoFrom: ["raw.githubusercontent.com"],
  },
  values: {
    rawResources: {
      cluster: {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        forceRename: NAME,
        spec: {
          spec: {
            instances: 1,
            imageName: "ghcr.io/cloudnative-pg/postgresql:17.6-system-trixie",
            storage: { size: "200Gi", storageClass: "synelia-iscsi-retain" },
            superuserSecret: { name: `${NAME}-admin-secrets` },
            bootstrap: {
              initdb: { database: "postgres", owner: "postgres", secret: { name: `${NAME}-admin-secrets` } },
            },
            postgresql: {
              parameters: { max_connections: "200", shared_buffers: "256MB", effective_cache_size: "512MB" },
            },
            backup: {
              barmanObjectStore: {
                destinationPath: BUCKET,
                endpointURL: "http://192.168.111.69:9000",
                s3Credentials: {
                  accessKeyId: s3("LITESTREAM_ACCESS_KEY_ID"),
                  secretAccessKey: s3("LITESTREAM_SECRET_ACCESS_KEY"),
                },
              },
              retentionPolicy: "30d",
            },
          },
        },
      },
      daily: {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "ScheduledBackup",
        spec: { spec: { cluster: { name: NAME }, schedule: "0 0 2 * * *", backupOwnerReference: "self" } },
      },
      authentik: {
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Database",
        spec: { spec: { cluster: { name: NAME }, name: "authentik", owner: "authentik", ensure: "present" } },
      },
    },
  },
  port: 5432,
  service: { name: `${NAME}-rw`, port: 5432 },
  environments: ["prod"],
  namespace: "databases",
  pods: { "cnpg.io/cluster": NAME },
  size: "m",
  priority: "critical",
  network: [
    reachedBy(cloudnativePg, SQL, STATUS),
    talksToItself(SQL, STATUS),
    usesKubernetesApi(),
    egressTo("192.168.111.69", Port.tcp(9000)),
    scrapedBy(metrics, 9187),
  ],
  dependsOn: [cloudnativePg],
  databaseServer: { cluster: "rawResources.cluster.spec.spec", objects: "rawResources" },
  secrets: ["/apps/04-databases/postgresql-shared/admin", "/apps/04-databases/postgresql-shared"],
  storage: {
    [`${NAME}-1`]: {
      class: "synelia-iscsi-retain",
      size: "200Gi",
      madeByChart: true,
      backup: { by: `CloudNativePG: a base backup each night and the write-ahead log, in ${BUCKET}` },
    },
  },
  places: {
    podLabels: [
      { at: "rawResources.cluster.spec.spec.inheritedMetadata.labels", containers: { postgres: "app" } },
    ],
    priorityClassName: ["rawResources.cluster.spec.spec.priorityClassName"],
    resources: ["rawResources.cluster.spec.spec.resources"],
    replicas: [],
  },
});
