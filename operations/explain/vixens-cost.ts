/**
 * The size of each app in vixens at 6454ad4e0: the number of YAML files below `apps/*\/<app>` and of its
 * Applications, and their lines.
 */
export interface Cost {
  readonly files: number;
  readonly lines: number;
}

export const VIXENS_COST: Readonly<Record<string, Cost>> = {
  authentik: { files: 28, lines: 931 },
  "cert-manager": { files: 22, lines: 647 },
  "cert-manager-webhook-gandi": { files: 15, lines: 323 },
  "cloudnative-pg": { files: 9, lines: 292 },
  docspell: { files: 27, lines: 931 },
  "external-dns-gandi": { files: 7, lines: 170 },
  "external-dns-unifi": { files: 12, lines: 295 },
  "firefly-iii": { files: 14, lines: 470 },
  "firefly-iii-importer": { files: 9, lines: 247 },
  "fluent-bit": { files: 6, lines: 177 },
  frigate: { files: 23, lines: 814 },
  grafana: { files: 19, lines: 1227 },
  headlamp: { files: 15, lines: 346 },
  homeassistant: { files: 26, lines: 865 },
  "hubble-ui": { files: 9, lines: 275 },
  "infisical-operator": { files: 8, lines: 223 },
  "it-tools": { files: 9, lines: 246 },
  loki: { files: 13, lines: 395 },
  mealie: { files: 17, lines: 491 },
  "metrics-server": { files: 6, lines: 192 },
  "mongodb-shared": { files: 12, lines: 375 },
  mosquitto: { files: 16, lines: 447 },
  netbird: { files: 26, lines: 1504 },
  nightscout: { files: 11, lines: 276 },
  "postgresql-shared": { files: 37, lines: 1105 },
  radar: { files: 10, lines: 449 },
  "redis-shared": { files: 11, lines: 259 },
  reloader: { files: 10, lines: 446 },
  "snapshot-controller": { files: 12, lines: 1279 },
  "stirling-pdf": { files: 12, lines: 310 },
  "synology-csi": { files: 20, lines: 1065 },
  traefik: { files: 12, lines: 549 },
  "victoria-metrics": { files: 15, lines: 773 },
  whoami: { files: 14, lines: 289 },
};
