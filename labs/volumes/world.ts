/** The world of a drill of volumes: an environment's control plane, its Velero as its chart has it, and a bucket. */
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { backupOf } from "../../environments/absent.ts";
import type { ChartRequest } from "../../environments/recorded/chart-request.ts";
import type { Environment } from "../../environments/schema.ts";

import { volumePolicy } from "../../lib/backup/bucket-policies.ts";
import { VELERO_CREDENTIALS, VELERO_NAMESPACE } from "../../lib/backup/volume-backup.ts";
import { fieldsOf } from "../../lib/core/fields.ts";
import { type CommandResult, mustRun, runCommand } from "../../lib/core/process/command.ts";
import { HttpUrl } from "../../lib/core/values/http-url.ts";
import { bucketArn } from "../../lib/core/values/s3-location.ts";
import type { StackJson } from "../../operations/cli/last-synthesis.ts";
import { requestsOf } from "../chart-facts/requests.ts";
import { ObjectServer, REGION } from "../drill/object-server.ts";
import { findChart, renderChart } from "../e2e/charts.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import { manifests } from "../e2e/synthesized.ts";
import { mustInstall } from "../e2e/tools.ts";
import { waitFor } from "../e2e/waiting.ts";
import {
  helm,
  veleroPluginForAws,
  veleroProgram,
  veleroRestoreHelper,
  versitygw,
} from "../programs/pinned-tools.ts";
import { installLaboratory, Laboratory, type LaboratoryTools } from "../simulate/laboratory.ts";
import { governance, nodeObject, nodeShares } from "../simulate/objects.ts";
import { makeRoot } from "./container.ts";
import { Kubelet } from "./kubelet.ts";
import { classObject, Storage } from "./storage.ts";

const APPLICATION = "Application";
const ARGOCD = "argocd";

export interface DrillTools extends LaboratoryTools {
  readonly helm: string;
  readonly velero: string;
  readonly restoreHelper: string;
  readonly plugin: string;
  readonly s3: string;
}

/** Builds what is not there yet. Refused: what cannot be built, with the reason. */
export const installVolumeTools = async (
  environment: Environment,
  log: (line: string) => void,
): Promise<DrillTools> => ({
  ...(await installLaboratory(environment, log)),
  helm: await mustInstall(helm, log),
  velero: await mustInstall(veleroProgram, log),
  restoreHelper: await mustInstall(veleroRestoreHelper, log),
  plugin: await mustInstall(veleroPluginForAws, log),
  s3: await mustInstall(versitygw, log),
});

export interface WorldProps {
  readonly environment: Environment;
  readonly stacks: readonly StackJson[];
  readonly tools: DrillTools;
  readonly directory: string;
  readonly log: (line: string) => void;
}

/** An app that Argo CD is played for: its Application, and what its chart becomes. */
export interface DrilledApp {
  readonly name: string;
  readonly application: KubernetesObject;
  readonly objects: readonly KubernetesObject[];
}

export class World {
  private readonly deployed = new Map<string, DrilledApp>();
  private isRunning = true;

  private constructor(
    readonly laboratory: Laboratory,
    private readonly props: WorldProps,
    private readonly kubelet: Kubelet,
    private readonly storage: Storage,
  ) {}

  /** Starts everything, and waits until Velero can write to its bucket. */
  static async start(props: WorldProps): Promise<World> {
    const { environment, stacks, tools, directory, log } = props;
    const path = (name: string) => join(directory, name);
    putOnPath(path("bin"), { kubectl: tools.kubectl, velero: tools.velero, versitygw: tools.s3 });
    const laboratory = await Laboratory.start(environment, tools, directory, true);
    const { api, kubectl } = laboratory;
    const root = path("root");
    await makeRoot(root, {
      velero: tools.velero,
      "velero-restore-helper": tools.restoreHelper,
      kubeconfig: path("kubeconfig"),
    });
    const volumes = path("volumes");
    const world = new World(
      laboratory,
      props,
      new Kubelet({
        ...{ api, root, volumes, log },
        plugin: tools.plugin,
        logs: path("logs"),
      }),
      new Storage(api, environment.storageClasses, volumes),
    );
    const secret = await openBucket(environment, directory);
    const chart = await world.rendered("velero");
    const isDefinition = ({ kind }: KubernetesObject) => kind === "CustomResourceDefinition";
    const definitions = [...chart, ...(await world.rendered(ARGOCD))].filter(isDefinition);
    await kubectl.apply(definitions);
    await kubectl.established(definitions.map(({ metadata }) => metadata.name));
    const ground = governance(stacks);
    await kubectl.apply(ground.filter(({ kind }) => kind === "Namespace"));
    await api.make(
      "/api/v1/nodes",
      nodeShares(environment).map((share) => nodeObject(share, "worker")),
    );
    await kubectl.apply([
      ...ground.filter(({ kind }) => kind !== "Namespace"),
      ...environment.storageClasses.map(classObject),
      ...governance(stacks, ["ConfigMap"]).filter(({ metadata }) => metadata.namespace === VELERO_NAMESPACE),
      secret,
    ]);
    void world.keep();
    const isHook = ({ metadata }: KubernetesObject) =>
      fieldsOf(metadata.annotations)["helm.sh/hook"] !== undefined;
    await kubectl.apply(chart.filter((each) => !isDefinition(each) && !isHook(each)));
    await kubectl.apply(world.made(({ kind }) => kind === "Schedule"));
    await waitFor("Velero's location is Available", 90, async () =>
      (await world.shell(`kubectl -n ${VELERO_NAMESPACE} get backupstoragelocations`)).stdout.includes(
        "Available",
      ),
    );
    return world;
  }

  /** Runs a line of a shell as an operator would. */
  shell(line: string): Promise<CommandResult> {
    const { directory } = this.props;
    const variables = { KUBECONFIG: join(directory, "kubeconfig"), HOME: directory };
    return runCommand("sh", ["-c", line], { variables });
  }

  /** The same, which must succeed. */
  async must(line: string): Promise<string> {
    const { code, stdout, stderr } = await this.shell(line);
    if (code !== 0) throw new Error(`${line}: ${stderr || stdout}`);
    return stdout;
  }

  /** Custom resources of the stacks. */
  made(wanted: (object: KubernetesObject) => boolean): KubernetesObject[] {
    return this.props.stacks
      .flatMap(manifests)
      .map(({ object }) => object)
      .filter(wanted);
  }

  /** Objects of a release, as Helm renders it. */
  async rendered(
    release: string,
    change: (values: unknown) => unknown = (values) => values,
  ): Promise<KubernetesObject[]> {
    const { environment, stacks, tools } = this.props;
    const request = requestsOf(environment.name, stacks).find((each) => each.release === release);
    if (request === undefined) throw new Error(`no release ${release}`);
    const { path, missing } = await findChart(asRelease(request, request.values), tools.helm);
    if (path === undefined) throw new Error(missing);
    const values = change(request.values);
    const rendering = {
      kubernetesVersion: environment.versions.kubernetes,
      definitions: true,
      withoutSchema: true,
    };
    return renderChart(tools.helm, path, asRelease(request, values), rendering);
  }

  /** Does for an app what Terraform does: its Application is there. Argo CD does the rest. */
  async deploy(app: DrilledApp): Promise<void> {
    this.deployed.set(app.name, app);
    await this.laboratory.kubectl.apply([app.application]);
  }

  /** Directory of the volume that a claim has. */
  async volumeOf(namespace: string, claim: string): Promise<string> {
    const name = await this.must(
      `kubectl --namespace ${namespace} get persistentvolumeclaim ${claim} --output jsonpath={.spec.volumeName}`,
    );
    return join(this.props.directory, "volumes", name);
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.kubelet.stop();
    await this.laboratory.powerOff();
  }

  /** Kubelet, drivers of storage and Argo CD go on beside everything else. */
  private async keep(): Promise<void> {
    while (this.isRunning) {
      try {
        await this.kubelet.tick();
        await this.storage.tick();
        await this.sync();
      } catch (error) {
        if (this.isRunning) this.props.log(`played: ${(error as Error).message}`);
      }
      await sleep(300);
    }
  }

  /** Plays Argo CD: an Application that syncs by itself has its objects, as its chart has them. */
  private async sync(): Promise<void> {
    for (const { application, objects } of this.deployed.values()) {
      const [found] = await this.laboratory.kubectl.read([application]);
      const { automated } = fieldsOf(fieldsOf(found?.spec).syncPolicy);
      if (automated !== undefined && automated !== null) await this.laboratory.kubectl.apply(objects);
    }
  }
}

const asRelease = (request: ChartRequest, values: unknown) => ({
  ...request,
  ...{ address: request.release, name: request.release, secretValues: [] },
  values: [typeof values === "string" ? values : JSON.stringify(values)],
});

const putOnPath = (bin: string, programs: Readonly<Record<string, string>>): void => {
  mkdirSync(bin, { recursive: true });
  for (const [name, program] of Object.entries(programs)) symlinkSync(program, join(bin, name));
  process.env.PATH = `${bin}:${process.env.PATH}`;
};

/** The bucket at the environment's own endpoint, with a user that may do what the backup stack lets Velero do; returns its Secret. */
const openBucket = async (environment: Environment, directory: string): Promise<KubernetesObject> => {
  const { volumes } = backupOf(environment);
  if (volumes?.endpoint === undefined || volumes.endpoint === null) throw new Error("no bucket of volumes");
  const at = new URL(String(volumes.endpoint));
  await mustRun("ip", ["address", "add", `${at.hostname}/32`, "dev", "lo"]);
  const server = await ObjectServer.start(join(directory, "objects"), join(directory, "s3"), at);
  await server.makeBucket(volumes.bucket);
  const arn = bucketArn(volumes.bucket, REGION, HttpUrl.parse(server.endpoint));
  const { accessKeyId, secretAccessKey } = await server.makeUser("velero", volumePolicy(arn));
  const file = `[default]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n`;
  return {
    ...{ apiVersion: "v1", kind: "Secret" },
    metadata: { name: VELERO_CREDENTIALS.name, namespace: VELERO_NAMESPACE },
    stringData: { [VELERO_CREDENTIALS.key]: file },
  };
};

/** The Application of an app of the stacks. */
export const applicationOf = (world: World, app: string): KubernetesObject => {
  const [found] = world.made(({ kind, metadata }) => kind === APPLICATION && metadata.name === app);
  if (found === undefined) throw new Error(`no Application ${app}`);
  return found;
};
