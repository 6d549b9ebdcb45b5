/** Devices of nodes: what brings them, and how a pod gets at them. */
import type { AppEnvironment } from "./app-environment.ts";
import type { Privileges } from "./declaration.ts";
import type { Line } from "./problem-line.ts";
import type { ResolvedApp } from "./resolved-app.ts";

const GRAPHICS = ["siderolabs/i915", "siderolabs/amdgpu", "siderolabs/xe"];

/** Extensions of which a device needs one. Source: siderolabs/extensions. */
const DRIVERS: readonly (readonly [device: RegExp, extensions: readonly string[]])[] = [
  [/^\/dev\/dri\b/, GRAPHICS],
  [/^gpu\.intel\.com\//, ["siderolabs/i915", "siderolabs/xe"]],
  [/^amd\.com\/gpu$/, ["siderolabs/amdgpu"]],
  [/^\/dev\/apex|^google\.com\/coral/, ["siderolabs/gasket-driver"]],
  [/^\/dev\/video/, ["siderolabs/v4l-uvc-drivers"]],
  [/^\/dev\/tty(ACM|USB)|^\/dev\/serial\b/, ["siderolabs/usb-modem-drivers"]],
];

/** Devices that are plugged into one machine. */
const PLUGGED_IN = /^\/dev\/(tty|serial|bus\/usb|video|snd|apex|hidraw)/;
/** Names of extended resources, as device plugins announce them. */
const RESOURCE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?$/;

/** Devices of the node among the paths that an app mounts. */
export const devicePaths = (privileges: Privileges | undefined): string[] =>
  (privileges?.hostPaths ?? []).filter((path) => path.startsWith("/dev/"));

/** True when the containers of an image are privileged: they say so, or open a device by its path, which no other may. */
export const opensDevices = (privileges: Privileges | undefined): boolean =>
  privileges?.privileged === true || devicePaths(privileges).length > 0;

/** Devices of node paths and of plugins that nothing brings, or that are on another node. */
export const deviceProblems = (app: ResolvedApp, environment: AppEnvironment, line: Line): string[] => {
  const { privileges, devices } = app;
  const paths = devicePaths(privileges);
  const node = privileges?.node?.[app.environment];
  const nodes = environment.nodes.map(({ name }) => name);
  return [
    ...[
      ...paths.map((path) => ["privileges.hostPaths", path] as const),
      ...devices.map((device) => ["devices", device] as const),
    ].flatMap(([path, device]) => (app.hibernates ? [] : missingDriver(path, device, environment, line))),
    ...paths
      .filter((path) => PLUGGED_IN.test(path) && node === undefined)
      .map((path) =>
        line(`privileges.node.${app.environment}`, "must name the node that it is plugged into", path),
      ),
    ...(node !== undefined && !nodes.includes(node)
      ? [line(`privileges.node.${app.environment}`, `must be a node of it, ${nodes.join(", ")}`, node)]
      : []),
    ...devices
      .filter((device) => !RESOURCE.test(device))
      .map((device) =>
        line("devices", "must be named as its plugin announces it, e.g. gpu.intel.com/i915", device),
      ),
  ];
};

const missingDriver = (
  path: string,
  device: string,
  { extensions }: AppEnvironment,
  line: Line,
): string[] => {
  const drivers = DRIVERS.find(([form]) => form.test(device))?.[1] ?? [];
  return drivers.length === 0 || drivers.some((driver) => extensions.includes(driver))
    ? []
    : [
        line(
          path,
          `needs a driver in the schematic of every node that takes workloads: ${drivers.join(", ")}`,
          device,
        ),
      ];
};

/** Apps that ask for devices which no plugin among the apps announces. */
export const pluginProblems = (apps: readonly ResolvedApp[], line: (app: string) => Line): string[] =>
  apps.flatMap(({ name, devices }) =>
    devices
      .filter((device) => !apps.some(({ declaration: { props } }) => props.announces?.includes(device)))
      .map((device) =>
        line(name)(
          "devices",
          "must be announced by an app that lives here: its plugin says announces",
          device,
        ),
      ),
  );
