import { type AppDeclaration, app } from "../../lib/app/declaration.ts";
import { uses } from "../../lib/app/links.ts";

/** Images with a route, every third of which uses the one before it. */
export const generatedApps = (count: number): AppDeclaration[] => {
  const apps: AppDeclaration[] = [];
  for (let index = 0; index < count; index++) {
    const name = `app-${String(index).padStart(4, "0")}`;
    const before = apps.at(-1);
    apps.push(
      app(name, {
        image: "traefik/whoami:v1.11.0",
        port: 8000 + (index % 20),
        host: { dev: `${name}.dev.truxonline.com` },
        size: "xs",
        network: index % 3 === 2 && before ? [uses(before)] : [],
      }),
    );
  }
  return apps;
};
