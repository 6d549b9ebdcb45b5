/** Containers of an image's pod beside its own. */
import type { AppSize } from "./sizes.ts";
import type { Variable } from "./variables.ts";

interface ContainerProps {
  /** `repository:tag`, as the app's own. */
  readonly image: string;
  /** Of this container; the homelab's admission policy finds it on a label. */
  readonly size: AppSize;
  /** @default - the image's own */
  readonly command?: readonly string[];
  /** @default - the image's own */
  readonly args?: readonly string[];
  /** Its own: of the app's variables and Secrets it has what it names. @default - none */
  readonly env?: Readonly<Record<string, Variable>>;
  /** User and group. @default - those of the app; refused: 0 without the privilege `root` */
  readonly runAs?: number;
  /**
   * Its view of the app's file system: a volume of `storage` by its name, a mount of the app by its path, each below
   * the path that it has here, e.g. `{ "/data": "data", "/config": "/config" }`.
   * @default - nothing
   */
  readonly mounts?: Readonly<Record<string, string>>;
}

interface SidecarProps extends ContainerProps {
  /** Port that says whether it is well, by HTTP where there is a path. @default - nobody asks */
  readonly health?: { readonly port: number; readonly path?: string };
  /** Starts before the app and the init containers after it, and is well before they start. @default false */
  readonly startsFirst?: boolean;
}

/** Another container of the pod, with a name from its place in `containers`. */
export type Container =
  | ({ readonly kind: "sidecar" } & SidecarProps)
  | ({ readonly kind: "init" } & ContainerProps);

/** A container that runs as long as the app's. */
export const sidecar = (props: SidecarProps): Container => ({ kind: "sidecar", ...props });

/** A container that runs to its end before the app starts, after those before it. */
export const initContainer = (props: ContainerProps): Container => ({ kind: "init", ...props });
