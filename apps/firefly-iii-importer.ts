import { app, uses } from "../lib/app/index.ts";
import { fireflyIii } from "./firefly-iii.ts";

/** Brings transactions into Firefly III. */
export const fireflyIiiImporter = app("firefly-iii-importer", {
  image: "fireflyiii/data-importer:version-2.1.1",
  port: 8080,
  runAs: 33,
  env: {
    FIREFLY_III_URL: "http://firefly-iii.finance.svc.cluster.local:8080",
    VANITY_URL: "https://firefly.truxonline.com",
    APP_URL: "https://importer.truxonline.com",
    TRUSTED_PROXIES: "**",
    HTTPS_ONLY: "true",
    TZ: "Europe/Paris",
    IGNORE_DUPLICATE_ERRORS: "false",
    CAN_POST_AUTOIMPORT: "true",
    CAN_POST_FILES: "true",
  },
  host: { prod: "importer.truxonline.com" },
  namespace: "finance",
  size: "s",
  priority: "low",
  network: [uses(fireflyIii)],
  secrets: ["/apps/60-services/firefly-iii-importer"],
});
