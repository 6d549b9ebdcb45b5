import { App } from "cdktf";
import type { ChartSource } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";
import { Apps } from "../../lib/app/apps.ts";
import type { AppDeclaration } from "../../lib/app/declaration.ts";
import { addEnvironment } from "../../stacks/homelab-environment.ts";
import { PlatformStack } from "../../stacks/platform-stack.ts";
import { withSynthesis } from "../cli/synthesized-stacks.ts";
import { readNetwork } from "../reach/synthesized.ts";
import type { Surroundings } from "./explanation.ts";

/** An environment as it is synthesized, with what its constructs know. Throws with all that is refused. */
export const surroundingsOf = (
  environment: Environment,
  declarations: readonly AppDeclaration[],
  charts?: ChartSource,
): Surroundings =>
  withSynthesis(
    [environment],
    (stacks, directory) => {
      const root = new App({ skipValidation: true });
      addEnvironment(root, environment, { maintenanceNodes: [], stagedNodes: [] }, [], declarations, charts);
      const constructs = root.node.findAll();
      const apps = constructs.find((each) => each instanceof Apps);
      const platform = constructs.find((each) => each instanceof PlatformStack);
      if (!apps || !platform) throw new Error(`${environment.name}: must have a platform and apps`);
      return {
        environment,
        stacks,
        network: readNetwork(directory, environment.name),
        catalogue: apps.catalogue,
        home: apps.environment,
        allowances: [...platform.network.allowances, ...apps.allowances],
      };
    },
    declarations,
    charts,
  );
