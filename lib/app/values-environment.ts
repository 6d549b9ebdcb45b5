import type { Environment } from "../../environments/schema.ts";
import type { PodSecurityStandard } from "../core/kubernetes/pod-security.ts";
import type { NamespaceSize } from "../governance/sizes.ts";

/** The part of a parsed environment that an app's values may follow. */
export interface ValuesEnvironment extends Pick<Environment, "cluster" | "nodes" | "backup" | "names"> {
  /** The edge of the cluster, through which apps are reached from outside. */
  readonly edge: Pick<Environment["edge"], "domain" | "ways">;
  /** Name of the environment, e.g. `prod`. */
  readonly name: string;
  /** Namespaces that apps share. */
  readonly namespaces: readonly {
    readonly name: string;
    readonly podSecurity: PodSecurityStandard;
    readonly size: NamespaceSize;
  }[];
}
