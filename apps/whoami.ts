import { app } from "../lib/app/index.ts";

/** Says what a request looks like when it arrives. */
export const whoami = app("whoami", {
  image: "traefik/whoami:v1.11.0",
  port: 80,
  host: { dev: "whoami.dev.truxonline.com", prod: "whoami.truxonline.com" },
  size: "xs",
  priority: "low",
});
