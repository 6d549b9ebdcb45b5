import { app, egressToInternet, fileBeside, onSchedule } from "../lib/app/index.ts";

/** Proposes newer versions to the GitOps repository; in a namespace of its own, because that of tools is full. */
export const renovate = app("renovate", {
  image: "renovate/renovate:43.173.6",
  runs: onSchedule("0 */6 * * *", "Europe/Paris"),
  port: "none",
  runAs: 1000,
  env: { RENOVATE_CONFIG_FILE: "/config/config.json", LOG_LEVEL: "info" },
  environments: ["prod"],
  size: "m",
  // Registries of whatever the repository names.
  network: [egressToInternet()],
  secrets: ["/apps/70-tools/renovate"],
  mounts: { "/config/config.json": fileBeside("renovate/config.json") },
  storage: {
    cache: {
      class: "synelia-iscsi-retain",
      size: "2Gi",
      mount: "/tmp/renovate",
      backup: { off: "a cache that fills itself again" },
    },
  },
  // With one node lost prod has no room for a run of it.
  hibernate: true,
});
