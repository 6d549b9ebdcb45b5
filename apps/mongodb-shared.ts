import { app } from "../lib/app/index.ts";

/** MongoDB for the apps that want it. */
export const mongodbShared = app("mongodb-shared", {
  image: "mongo:8.3",
  port: 27017,
  runAs: 999,
  env: { DO_NOT_TRACK: "1" },
  environments: ["prod"],
  namespace: "databases",
  size: "m",
  priority: "critical",
  // Who uses it says so; nobody has to.
  secrets: ["/apps/04-databases/mongodb-shared"],
  storage: { data: { class: "synelia-iscsi-retain", size: "10Gi", mount: "/data/db" } },
});
