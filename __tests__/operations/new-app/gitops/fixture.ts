/** A small GitOps repository in the shape of the homelab's: bases, overlays, components, Applications. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const REPOSITORY = "https://git.example.org/gitops.git";

const application = (name: string, namespace: string, sources: string): string => `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: ${name}, namespace: argocd }
spec:
  destination: { server: https://kubernetes.default.svc, namespace: ${namespace} }
  sources:
${sources}
`;

const path = (directory: string): string =>
  `    - { repoURL: ${REPOSITORY}, targetRevision: stable, path: ${directory} }`;

const NOTES: Readonly<Record<string, string>> = {
  "argocd/overlays/prod/apps/notes.yaml": application(
    "notes",
    "tools",
    path("apps/70-tools/notes/overlays/prod"),
  ),
  "apps/70-tools/notes/overlays/prod/kustomization.yaml": `
namespace: tools
resources: [../../base, ingress.yaml]
components: [../../../../_shared/components/sync]
patches:
  - target: { kind: Deployment, name: notes }
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/image
        value: example/notes:v2.1.0
`,
  "apps/_shared/components/sync/kustomization.yaml": `
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: { kind: Deployment }
    patch: |-
      - op: add
        path: /spec/template/spec/initContainers/-
        value:
          name: sync
          restartPolicy: Always
          image: example/sync:v0
          ports: [{ name: metrics, containerPort: 9090 }]
          env:
            - { name: BUCKET, valueFrom: { fieldRef: { fieldPath: "metadata.annotations['sync/bucket']" } } }
            - { name: ENDPOINT, value: "http://192.168.111.69:9000" }
            - { name: KEY, valueFrom: { secretKeyRef: { name: notes-secrets, key: S3_KEY } } }
images: [{ name: example/sync, newTag: v1.2.3 }]
`,
  "apps/70-tools/notes/overlays/prod/ingress.yaml": `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: notes, annotations: { external-dns.alpha.kubernetes.io/public: "true", portal/name: Notes } }
spec:
  rules:
    - host: notes.example.org
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: notes, port: { number: 80 } } } }] }
`,
  "apps/70-tools/notes/base/kustomization.yaml": "resources: [all.yaml]",
  "apps/70-tools/notes/base/all.yaml": `
apiVersion: apps/v1
kind: Deployment
metadata: { name: notes }
spec:
  replicas: 1
  selector: { matchLabels: { app: notes } }
  template:
    metadata:
      labels: { app: notes, vixens.io/sizing.notes: B-small }
      annotations: { sync/bucket: notes-bucket }
    spec:
      priorityClassName: vixens-low
      tolerations: [{ key: gpu, operator: Exists }]
      securityContext: { runAsUser: 1000 }
      initContainers: []
      containers:
        - name: notes
          image: example/notes:v1.0.0
          ports: [{ name: http, containerPort: 8080 }]
          livenessProbe: { httpGet: { path: /healthz, port: http } }
          readinessProbe: { httpGet: { path: /healthz, port: http } }
          lifecycle: { preStop: { exec: { command: [sleep, "3"] } } }
          env:
            - { name: TITLE, valueFrom: { configMapKeyRef: { name: notes, key: title } } }
            - { name: ADMIN_PASSWORD, value: hunter2-in-plain-sight }
            - { name: TOKEN, valueFrom: { secretKeyRef: { name: notes-secrets, key: token } } }
          volumeMounts:
            - { name: data, mountPath: /data }
            - { name: media, mountPath: /media, subPath: Notes }
            - { name: config, mountPath: /etc/notes/app.ini, subPath: app.ini }
      volumes:
        - { name: data, persistentVolumeClaim: { claimName: notes-data } }
        - { name: media, nfs: { server: 192.168.111.69, path: /volume3/Content } }
        - { name: config, configMap: { name: notes } }
---
apiVersion: v1
kind: Service
metadata: { name: notes }
spec: { selector: { app: notes }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: notes }
data: { title: Our notes, app.ini: "mode = plain\\n" }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: notes-data }
spec: { accessModes: [ReadWriteOnce], storageClassName: iscsi-retain, resources: { requests: { storage: 5Gi } } }
---
apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata: { name: notes-secrets-sync }
spec:
  authentication: { universalAuth: { secretsScope: { secretsPath: /apps/70-tools/notes } } }
  managedSecretReference: { secretName: notes-secrets, secretNamespace: tools }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: notes }
spec:
  endpointSelector: { matchLabels: { app: notes } }
  ingress:
    - fromEntities: [host]
    - fromEndpoints: [{ matchLabels: { io.kubernetes.pod.namespace: traefik } }]
      toPorts: [{ ports: [{ port: "8080", protocol: TCP }] }]
    - fromEndpoints: [{ matchLabels: { io.kubernetes.pod.namespace: home } }]
  egress:
    - toEntities: [world]
      toPorts: [{ ports: [{ port: "443", protocol: TCP }] }]
    - toEndpoints: [{ matchLabels: { app: web } }]
---
apiVersion: http.keda.sh/v1alpha1
kind: HTTPScaledObject
metadata: { name: notes }
spec: { replicas: { min: 0, max: 1 } }
`,
};

const CHARTED: Readonly<Record<string, string>> = {
  "argocd/overlays/prod/apps/charted.yaml": application(
    "charted",
    "tools",
    `    - repoURL: https://charts.example.org
      chart: charted
      targetRevision: 1.4.0
      helm: { valueFiles: [$values/apps/70-tools/charted/values.yaml] }
    - { repoURL: ${REPOSITORY}, targetRevision: stable, ref: values }
${path("apps/70-tools/charted/overlays/prod")}`,
  ),
  "apps/70-tools/charted/values.yaml": `
replicaCount: 2
server:
  resources: { requests: { cpu: 25m, memory: 256Mi }, limits: { cpu: 250m, memory: 512Mi } }
  priorityClassName: vixens-high
  existingSecret: charted-key
adminPassword: hunter2-in-plain-sight
`,
  "apps/70-tools/charted/overlays/prod/kustomization.yaml": "resources: [secret.yaml]",
  "apps/70-tools/charted/overlays/prod/secret.yaml": `
apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata: { name: charted-key }
spec:
  authentication: { universalAuth: { secretsScope: { secretsPath: /apps/70-tools/charted } } }
  managedSecretReference: { secretName: charted-key, secretNamespace: tools }
`,
};

const workload = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    metadata: { labels: { app: pair, part: ${name} } }
    spec: { containers: [{ name: ${name}, image: "example/${name}:v1.0.0" }] }
`;

const PAIR: Readonly<Record<string, string>> = {
  "argocd/overlays/prod/apps/pair.yaml": application(
    "pair",
    "pair",
    path("apps/70-tools/pair/overlays/prod"),
  ),
  "apps/70-tools/pair/overlays/prod/kustomization.yaml": "resources: [all.yaml]",
  "apps/70-tools/pair/overlays/prod/all.yaml": `${workload("front")}---${workload("back")}`,
  "apps/70-tools/unused/kustomization.yaml": "resources: []",
};

/** NocoDB and its database, shortened, as the homelab's GitOps repository has them at 6454ad4e0. */
const NOCODB: Readonly<Record<string, string>> = {
  "argocd/overlays/prod/apps/nocodb.yaml": application(
    "nocodb",
    "tools",
    path("apps/70-tools/nocodb/overlays/prod"),
  ),
  "apps/70-tools/nocodb/overlays/prod/kustomization.yaml": "namespace: tools\nresources: [all.yaml]",
  "apps/70-tools/nocodb/overlays/prod/all.yaml": `
apiVersion: apps/v1
kind: Deployment
metadata: { name: nocodb, labels: { app.kubernetes.io/name: nocodb } }
spec:
  replicas: 1
  selector: { matchLabels: { app.kubernetes.io/name: nocodb } }
  template:
    metadata: { labels: { app.kubernetes.io/name: nocodb, vixens.io/sizing.nocodb: V-small } }
    spec:
      priorityClassName: vixens-low
      containers:
        - name: nocodb
          image: nocodb/nocodb:0.301.5
          ports: [{ containerPort: 8080, name: http }]
          env:
            - { name: NC_DB_TYPE, value: pg }
            - { name: NC_DB_HOST, value: postgresql-shared-rw.databases.svc.cluster.local }
            - { name: NC_DB_PORT, value: "5432" }
            - { name: NC_DB_NAME, value: nocodb }
            - { name: NC_DB_USER, valueFrom: { secretKeyRef: { name: nocodb-secrets, key: username } } }
            - { name: NC_DB_PASS, valueFrom: { secretKeyRef: { name: nocodb-secrets, key: password } } }
            - { name: NC_AUTH_JWT_SECRET, valueFrom: { secretKeyRef: { name: nocodb-secrets, key: NC_AUTH_JWT_SECRET } } }
      securityContext: { runAsNonRoot: true, runAsUser: 1000 }
---
apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata: { name: nocodb-secrets-sync }
spec:
  authentication: { universalAuth: { secretsScope: { secretsPath: /apps/70-tools/nocodb } } }
  managedSecretReference: { secretName: nocodb-secrets, secretNamespace: tools }
`,
  "apps/04-databases/postgresql-shared/base/cluster.yaml": `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: postgresql-shared, namespace: databases }
spec:
  managed:
    roles:
      - { name: nocodb, ensure: present, login: true, passwordSecret: { name: nocodb-postgresql-credentials } }
`,
  "apps/04-databases/postgresql-shared/base/databases/nocodb.yaml": `
apiVersion: postgresql.cnpg.io/v1
kind: Database
metadata: { name: nocodb, namespace: databases }
spec: { cluster: { name: postgresql-shared }, name: nocodb, owner: nocodb, ensure: present }
`,
  "apps/04-databases/postgresql-shared/base/credentials/nocodb-secret.yaml": `
apiVersion: secrets.infisical.com/v1alpha1
kind: InfisicalSecret
metadata: { name: nocodb-postgresql-credentials, namespace: databases }
spec:
  authentication: { universalAuth: { secretsScope: { secretsPath: /apps/70-tools/nocodb } } }
  managedSecretReference: { secretName: nocodb-postgresql-credentials, secretNamespace: databases }
`,
};

/** Writes it, and returns its directory. */
export const gitopsCheckout = (): string => {
  const root = mkdtempSync(join(tmpdir(), "gitops-"));
  const files = {
    ...NOTES,
    ...CHARTED,
    ...PAIR,
    ...NOCODB,
    "argocd/overlays/prod/kustomization.yaml":
      "resources: [apps/notes.yaml, apps/charted.yaml, apps/pair.yaml, apps/nocodb.yaml]",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
};
