import { app, uses } from "../lib/app/index.ts";
import { mongodbShared } from "./mongodb-shared.ts";

/** Follows blood glucose. Sensors and phones upload from anywhere, so its own tokens let them in. */
export const nightscout = app("nightscout", {
  image: "nightscout/cgm-remote-monitor:15.0.7",
  port: 1337,
  runAs: 1000,
  env: {
    BASE_URL: "https://nightscout.truxonline.com",
    DISPLAY_UNITS: "mmol",
    TIME_FORMAT: "24",
    LANGUAGE: "fr",
    THEME: "colors",
    AUTH_DEFAULT_ROLES: "denied",
    NODE_ENV: "production",
    TZ: "Europe/Paris",
    ENABLE: "careportal basal dbsize rawbg iob cob cage iage sage boluscalc cors",
    // The gateway ends TLS.
    INSECURE_USE_HTTP: "true",
  },
  host: { prod: "nightscout.truxonline.com" },
  dns: "public",
  authentication: "off",
  size: "s",
  network: [uses(mongodbShared)],
  secrets: ["/apps/10-home/nightscout"],
});
