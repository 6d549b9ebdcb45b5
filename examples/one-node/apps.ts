import { app } from "terravixens/lib/app";

/** Says what a request looks like when it arrives, at whoami.home.example.org. */
const whoami = app("whoami", {
  image: "traefik/whoami:v1.11.0",
  port: 80,
  host: "whoami",
  namespace: "tools",
  size: "xs",
});

export const apps = [whoami];
