import type { AppDeclaration } from "../lib/app/declaration.ts";
import { authentik } from "./authentik.ts";
import { certManager } from "./cert-manager.ts";
import { certManagerWebhookGandi } from "./cert-manager-webhook-gandi.ts";
import { cloudnativePg } from "./cloudnative-pg.ts";
import { docspell } from "./docspell.ts";
import { docspellJoex } from "./docspell-joex.ts";
import { externalDnsGandi } from "./external-dns-gandi.ts";
import { externalDnsUnifi } from "./external-dns-unifi.ts";
import { fireflyIii } from "./firefly-iii.ts";
import { fireflyIiiImporter } from "./firefly-iii-importer.ts";
import { fluentBit } from "./fluent-bit.ts";
import { frigate } from "./frigate.ts";
import { grafana } from "./grafana.ts";
import { headlamp } from "./headlamp.ts";
import { homeassistant } from "./homeassistant.ts";
import { hubbleUi } from "./hubble-ui.ts";
import { infisicalOperator } from "./infisical-operator.ts";
import { itTools } from "./it-tools.ts";
import { letsencrypt } from "./letsencrypt.ts";
import { loki } from "./loki.ts";
import { mealie } from "./mealie.ts";
import { metricsServer } from "./metrics-server.ts";
import { mongodbShared } from "./mongodb-shared.ts";
import { mosquitto } from "./mosquitto.ts";
import { nightscout } from "./nightscout.ts";
import { nodeExporter } from "./node-exporter.ts";
import { postgresqlShared } from "./postgresql-shared.ts";
import { radar } from "./radar.ts";
import { redisShared } from "./redis-shared.ts";
import { reloader } from "./reloader.ts";
import { snapshotController } from "./snapshot-controller.ts";
import { stirlingPdf } from "./stirling-pdf.ts";
import { traefik } from "./traefik.ts";
import { velero } from "./velero.ts";
import { victoriaMetrics } from "./victoria-metrics.ts";
import { whoami } from "./whoami.ts";

/** Every app of the homelab, in the order of their names. */
export const apps: readonly AppDeclaration[] = [
  authentik,
  certManager,
  certManagerWebhookGandi,
  cloudnativePg,
  docspell,
  docspellJoex,
  externalDnsGandi,
  externalDnsUnifi,
  fireflyIii,
  fireflyIiiImporter,
  fluentBit,
  frigate,
  grafana,
  headlamp,
  homeassistant,
  hubbleUi,
  infisicalOperator,
  itTools,
  letsencrypt,
  loki,
  mealie,
  metricsServer,
  mongodbShared,
  mosquitto,
  nightscout,
  nodeExporter,
  postgresqlShared,
  radar,
  redisShared,
  reloader,
  snapshotController,
  stirlingPdf,
  traefik,
  velero,
  victoriaMetrics,
  whoami,
];
