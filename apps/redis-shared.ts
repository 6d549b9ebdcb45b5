import { app } from "../lib/app/index.ts";

/** Redis for the apps that want it: a cache, which loses its content when it restarts. */
export const redisShared = app("redis-shared", {
  image: "redis:8.6.3-alpine",
  port: 6379,
  runAs: 999,
  values: {
    controllers: {
      main: {
        containers: {
          main: {
            command: ["redis-server", "--requirepass", "$(REDIS_PASSWORD)"],
            env: {
              REDIS_PASSWORD: {
                valueFrom: { secretKeyRef: { name: "redis-shared-secrets", key: "password" } },
              },
            },
          },
        },
      },
    },
  },
  environments: ["prod"],
  namespace: "databases",
  size: "s",
  priority: "high",
  secrets: ["/apps/04-databases/redis-shared"],
});
