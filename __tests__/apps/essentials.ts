/** Questions that the tests of apps ask. */
import { apps } from "../../apps/index.ts";

import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { type Essentials, essentialsOf } from "../../operations/new-app/essentials.ts";
import { environments } from "../stacks/homelab.ts";

/** An app of the catalogue in one of the environments. Throws when it is in none of either. */
export const essentials = (declaration: AppDeclaration, name: string): Essentials => {
  if (!apps.includes(declaration)) throw new Error(`${declaration.name} is not in apps/index.ts`);
  const environment = environments().find((each) => each.name === name);
  const found = environment && essentialsOf(declaration, apps, environment);
  if (!found) throw new Error(`${declaration.name} does not live in ${name}`);
  return found;
};
