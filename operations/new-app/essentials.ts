/** The essentials of an app, for those who run it. */
import { appAllowance } from "../../lib/app/allowances.ts";
import { appsIn } from "../../lib/app/catalogue.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import type { ValuesEnvironment } from "../../lib/app/values-environment.ts";
import { sourceOf } from "../explain/explanation.ts";

/** The place of an app, what runs there, and who talks to whom. */
export interface Essentials {
  readonly host: string | undefined;
  readonly namespace: string;
  /** As `npm run homelab -- explain` says it. */
  readonly source: string;
  /** E.g. `traefik/traefik → whoami/whoami 80/TCP`. */
  readonly flows: readonly string[];
}

/** Undefined where the app does not live. */
export const essentialsOf = (
  declaration: AppDeclaration,
  all: readonly AppDeclaration[],
  home: ValuesEnvironment,
): Essentials | undefined => {
  const apps = appsIn(all, home);
  const app = apps.get(declaration);
  return (
    app && {
      host: app.host,
      namespace: app.namespace,
      source: sourceOf(app),
      flows: (appAllowance(app, apps)?.routes ?? []).map(
        ({ from, to, ports }) => `${from.label} → ${to.label} ${ports.join(" ")}`,
      ),
    }
  );
};
