import type { AppDeclaration } from "../lib/app/declaration.ts";
import { adguardHome } from "./adguard-home.ts";
import { authentik } from "./authentik.ts";
import { certManager } from "./cert-manager.ts";
import { certManagerWebhookGandi } from "./cert-manager-webhook-gandi.ts";
import { cloudnativePg } from "./cloudnative-pg.ts";
import { descheduler } from "./descheduler.ts";
import { docspell } from "./docspell.ts";
import { docspellJoex } from "./docspell-joex.ts";
import { externalDnsGandi } from "./external-dns-gandi.ts";
import { externalDnsUnifi } from "./external-dns-unifi.ts";
import { fireflyIii } from "./firefly-iii.ts";
import { fireflyIiiCron } from "./firefly-iii-cron.ts";
import { fireflyIiiImporter } from "./firefly-iii-importer.ts";
import { fluentBit } from "./fluent-bit.ts";
import { frigate } from "./frigate.ts";
import { gluetun } from "./gluetun.ts";
import { goldilocks } from "./goldilocks.ts";
import { grafana } from "./grafana.ts";
import { headlamp } from "./headlamp.ts";
import { homeassistant } from "./homeassistant.ts";
import { homepage } from "./homepage.ts";
import { hubbleUi } from "./hubble-ui.ts";
import { infisicalOperator } from "./infisical-operator.ts";
import { itTools } from "./it-tools.ts";
import { jellyfin } from "./jellyfin.ts";
import { keda } from "./keda.ts";
import { letsencrypt } from "./letsencrypt.ts";
import { linkwarden } from "./linkwarden.ts";
import { localPathProvisioner } from "./local-path-provisioner.ts";
import { loki } from "./loki.ts";
import { mariadbShared } from "./mariadb-shared.ts";
import { mealie } from "./mealie.ts";
import { metricsServer } from "./metrics-server.ts";
import { mongodbShared } from "./mongodb-shared.ts";
import { mosquitto } from "./mosquitto.ts";
import { n8n } from "./n8n.ts";
import { nightscout } from "./nightscout.ts";
import { nodeExporter } from "./node-exporter.ts";
import { policyReporter } from "./policy-reporter.ts";
import { postgresqlShared } from "./postgresql-shared.ts";
import { prowlarr } from "./prowlarr.ts";
import { qbittorrent } from "./qbittorrent.ts";
import { radar } from "./radar.ts";
import { radarr } from "./radarr.ts";
import { redisShared } from "./redis-shared.ts";
import { reloader } from "./reloader.ts";
import { renovate } from "./renovate.ts";
import { snapshotController } from "./snapshot-controller.ts";
import { snmpExporter } from "./snmp-exporter.ts";
import { sonarr } from "./sonarr.ts";
import { stirlingPdf } from "./stirling-pdf.ts";
import { traefik } from "./traefik.ts";
import { trivy } from "./trivy.ts";
import { vaultwarden } from "./vaultwarden.ts";
import { velero } from "./velero.ts";
import { victoriaMetrics } from "./victoria-metrics.ts";
import { vikunja } from "./vikunja.ts";
import { whoami } from "./whoami.ts";

/** Every app of the homelab, in the order of their names. */
export const apps: readonly AppDeclaration[] = [
  adguardHome,
  authentik,
  certManager,
  certManagerWebhookGandi,
  cloudnativePg,
  descheduler,
  docspell,
  docspellJoex,
  externalDnsGandi,
  externalDnsUnifi,
  fireflyIii,
  fireflyIiiCron,
  fireflyIiiImporter,
  fluentBit,
  frigate,
  gluetun,
  goldilocks,
  grafana,
  headlamp,
  homeassistant,
  homepage,
  hubbleUi,
  infisicalOperator,
  itTools,
  jellyfin,
  keda,
  letsencrypt,
  linkwarden,
  localPathProvisioner,
  loki,
  mariadbShared,
  mealie,
  metricsServer,
  mongodbShared,
  mosquitto,
  n8n,
  nightscout,
  nodeExporter,
  policyReporter,
  postgresqlShared,
  prowlarr,
  qbittorrent,
  radar,
  radarr,
  redisShared,
  reloader,
  renovate,
  snapshotController,
  snmpExporter,
  sonarr,
  stirlingPdf,
  traefik,
  trivy,
  vaultwarden,
  velero,
  victoriaMetrics,
  vikunja,
  whoami,
];
