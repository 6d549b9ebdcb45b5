/** A volume is backed up, lost and restored by Velero itself, along the runbook; and along ways that must not be taken. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prod } from "../../environments/prod.ts";
import type { Environment } from "../../environments/schema.ts";
import { type VolumeBackupChoice, volumeBackupLabels } from "../../lib/backup/volume-backup.ts";
import { fieldsOf, listOf, textOf } from "../../lib/core/fields.ts";
import { overlay } from "../../lib/core/helm/values.ts";
import { USUAL_NAMES } from "../../lib/core/platform/names.ts";
import { Recovery } from "../../operations/runbooks/recovery.ts";
import { lostVolume } from "../../operations/runbooks/scenarios/lost-volume.ts";

import { Checks, must } from "../checks.ts";
import type { KubernetesObject } from "../e2e/kubectl.ts";
import { waitFor } from "../e2e/waiting.ts";
import { applicationOf, type DrilledApp, type World } from "./world.ts";

/** An app of the catalogue with a claim, and its namespace. */
const APP = "vaultwarden";
const NAMESPACE = "services";
const SCHEDULE = "volumes-daily";
const BACKUP = "drill";
const MANAGED = ["ConfigMap", "Deployment", "Service", "ServiceAccount", "StatefulSet"];
const FILE = "db.sqlite3";
/** Seconds after which a restore that has not ended is said to hang; one along the runbook takes a tenth. */
const HANGS = 60;

interface Drilled extends DrilledApp {
  readonly claims: readonly string[];
}

const claim = (name: string, storageClassName: string, labels: object): KubernetesObject => ({
  ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: NAMESPACE, labels } },
  spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources: { requests: { storage: "1Gi" } } },
});

/** The label of prod's claims, which the policy of its schedule reads. */
const labelled = (backup: VolumeBackupChoice) =>
  volumeBackupLabels(backup, prod.names?.manager ?? USUAL_NAMES.manager);

/** The app under another name, with a claim of its own. */
const renamed = <T>(value: T, name: string): T => JSON.parse(JSON.stringify(value).replaceAll(APP, name));

const asSet = (values: unknown): unknown => {
  const { persistence: _, ...others } = fieldsOf(values);
  const template = {
    ...{ name: "data", accessMode: "ReadWriteOnce", size: "1Gi", storageClass: "synelia-iscsi-retain" },
    ...{ labels: labelled("daily"), globalMounts: [{ path: "/data" }] },
  };
  return overlay<unknown>(others, {
    controllers: {
      main: {
        type: "statefulset",
        replicas: 2,
        strategy: "RollingUpdate",
        statefulset: { volumeClaimTemplates: [template] },
      },
    },
  });
};

const podsOf = async (
  world: World,
  app: string,
): Promise<{ name: string; isReady: boolean; owner: string }[]> => {
  const text = await world.must(
    `kubectl --namespace ${NAMESPACE} get pods --selector app.kubernetes.io/instance=${app} --output json`,
  );
  return listOf(fieldsOf(JSON.parse(text)).items)
    .map(fieldsOf)
    .map(({ metadata, status }) => {
      const { name, ownerReferences } = fieldsOf(metadata);
      return {
        name: textOf(name),
        isReady: listOf(fieldsOf(status).conditions)
          .map(fieldsOf)
          .some((each) => each.type === "Ready" && each.status === "True"),
        owner: textOf(fieldsOf(listOf(ownerReferences)[0]).kind),
      };
    });
};

const runs = (world: World, app: string, count: number) =>
  waitFor(`${app} has ${count} pods of its own, all ready`, 60, async () => {
    const pods = await podsOf(world, app);
    return pods.length === count && pods.every(({ isReady, owner }) => isReady && owner !== "");
  });

const commandsOf = (environment: Environment): readonly string[] =>
  lostVolume(new Recovery(environment)).steps.flatMap(({ commands = [] }) => commands);

const RESTORE = /^velero restore create /;
const CLEAN = /^kubectl .* delete pods /;

/** Runs commands of the runbook for an app, each as often as it has claims; its deployment is the drill's own. */
const follow = async (world: World, app: Drilled, commands: readonly string[]): Promise<void> => {
  for (const command of commands) {
    if (command.startsWith("npm run ")) {
      await world.deploy(app);
      continue;
    }
    const perClaim = /\b(CLAIM|VOLUME)\b/.test(command);
    for (const each of perClaim ? app.claims : [""]) {
      const volume =
        each &&
        (
          await world.shell(
            `kubectl -n ${NAMESPACE} get persistentvolumeclaim ${each} -o jsonpath={.spec.volumeName}`,
          )
        ).stdout;
      const line = command
        .replace(/\bNAMESPACE\b/g, NAMESPACE)
        .replace(/\bAPP\b/g, app.name)
        .replace(/\bBACKUP\b/g, BACKUP)
        .replace(/\bCLAIM\b/g, each)
        .replace(/\bVOLUME\b/g, volume);
      const said = await world.must(line);
      if (RESTORE.test(line)) must(said.includes("status: Completed"), said);
      // "Go on only when" nothing is found, or no pod uses the claim.
      if (/ scale | get replicasets,pods /.test(line))
        await waitFor("no pod is left", 60, async () => (await podsOf(world, app.name)).length === 0);
    }
  }
};

const write = async (world: World, { claims }: Drilled): Promise<void> => {
  for (const each of claims)
    writeFileSync(join(await world.volumeOf(NAMESPACE, each), FILE), `data of ${each}`);
};

const lose = async (world: World, { claims }: Drilled): Promise<void> => {
  for (const each of claims) rmSync(join(await world.volumeOf(NAMESPACE, each), FILE));
};

const hasItsData = async (world: World, { claims }: Drilled): Promise<void> => {
  for (const each of claims) {
    const found = readFileSync(join(await world.volumeOf(NAMESPACE, each), FILE), "utf8");
    must(found === `data of ${each}`, `${each} holds ${found}`);
  }
};

interface Made {
  readonly deployment: Drilled;
  readonly set: Drilled;
  readonly changed: Drilled;
  readonly oldWay: Drilled;
  readonly unsaved: readonly string[];
}

/** Apps, their claims with data, and claims that no backup can read. */
const makeApps = async (world: World): Promise<Made> => {
  const managed = (objects: readonly KubernetesObject[]) =>
    objects.filter(({ kind }) => MANAGED.includes(kind));
  const objects = managed(await world.rendered(APP));
  const setObjects = managed(await world.rendered(APP, asSet));
  const application = applicationOf(world, APP);
  const deployment = (name: string): Drilled => ({
    ...{ name, application: renamed(application, name), objects: renamed(objects, name) },
    claims: [`${name}-data`],
  });
  const set = "drill-set";
  const apps = {
    deployment: deployment(APP),
    set: {
      ...{ name: set, application: renamed(application, set), objects: renamed(setObjects, set) },
      claims: [`data-${set}-0`, `data-${set}-1`],
    },
    changed: deployment("drill-changed"),
    oldWay: deployment("drill-old-way"),
  };
  const unsaved = {
    off: "synelia-iscsi-retain",
    onnode: "local-path-retain",
    podless: "synelia-iscsi-retain",
  };
  await world.laboratory.kubectl.apply([
    ...[apps.deployment, apps.changed, apps.oldWay].flatMap(({ claims }) =>
      claims.map((name) => claim(name, "synelia-iscsi-retain", labelled("daily"))),
    ),
    ...Object.entries(unsaved).map(([name, storageClass]) =>
      claim(`drill-${name}-data`, storageClass, labelled(name === "off" ? { off: "a drill" } : "daily")),
    ),
  ]);
  for (const app of Object.values(apps)) await world.deploy(app);
  for (const name of ["drill-off", "drill-onnode"]) await world.deploy(deployment(name));
  for (const app of Object.values(apps)) {
    await runs(world, app.name, app.claims.length);
    await write(world, app);
  }
  await runs(world, "drill-onnode", 1);
  return { ...apps, unsaved: Object.keys(unsaved).map((name) => `drill-${name}-data`) };
};

/** Claims of which the backup has a copy, by their names. */
const savedClaims = async (world: World): Promise<string[]> => {
  const text = await world.must(
    `kubectl --namespace velero get podvolumebackups --selector velero.io/backup-name=${BACKUP} --output json`,
  );
  return listOf(fieldsOf(JSON.parse(text)).items)
    .map(fieldsOf)
    .map(({ metadata, status, spec }) => {
      const { phase, message } = fieldsOf(status);
      const name = textOf(fieldsOf(fieldsOf(metadata).annotations)["velero.io/pvc-name"]);
      must(phase === "Completed", `${name || JSON.stringify(spec)}: ${phase}: ${message}`);
      return name;
    })
    .sort();
};

const back = async (world: World, { deployment, set, changed, oldWay, unsaved }: Made): Promise<string> => {
  const said = await world.must(
    `velero backup create ${BACKUP} --namespace velero --from-schedule ${SCHEDULE} --wait`,
  );
  must(said.includes("status: Completed"), said);
  const wanted = [deployment, set, changed, oldWay].flatMap(({ claims }) => claims).sort();
  const saved = await savedClaims(world);
  must(saved.join() === wanted.join(), `saved ${saved.join(", ")}, and not ${wanted.join(", ")}`);
  const log = await world.must(`velero backup logs ${BACKUP} --namespace velero`);
  must(log.includes("is a hostPath volume which is not supported"), "no warning of a volume on a node");
  return `${saved.length} claims are in it; left out: ${unsaved.join(", ")}, of which only the one on a node is warned of`;
};

/** Runs the drill in a world that has started. */
export const drillVolumes = async (
  world: World,
  environment: Environment,
  log: (line: string) => void,
): Promise<Checks> => {
  const checks = new Checks("drill-volumes", log);
  const commands = commandsOf(environment);
  const clean = commands.filter((each) => CLEAN.test(each));
  const restore = commands.find((each) => RESTORE.test(each)) ?? "";
  let apps: Made | undefined;
  await checks.run("apps run, with claims that hold something", async () => {
    apps = await makeApps(world);
    return [apps.deployment, apps.set, apps.changed, apps.oldWay].map(({ name }) => name).join(", ");
  });
  if (apps === undefined) return checks;
  const { deployment, set, changed, oldWay } = apps;
  const made = apps;
  await checks.run(`backed up by ${SCHEDULE}`, () => back(world, made));
  for (const app of [deployment, set])
    await checks.run(`${app.name}: lost, and restored along the runbook`, async () => {
      await lose(world, app);
      await follow(world, app, commands);
      await runs(world, app.name, app.claims.length);
      await hasItsData(world, app);
      const released = await world.must(
        `kubectl get persistentvolumes --output 'jsonpath={.items[?(@.status.phase=="Released")].spec.claimRef.name}'`,
      );
      must(
        app.claims.every((each) => released.split(" ").includes(each)),
        `old volumes of ${released}`,
      );
      const pods = await podsOf(world, app.name);
      return `${pods.map(({ name, owner }) => `${name} of a ${owner}`).join(", ")}`;
    });
  await checks.run(
    "without the step that deletes restored pods, one stays beside an app that has changed",
    async () => {
      await lose(world, changed);
      const newer = JSON.parse(JSON.stringify(changed.objects).replace(/server:[\d.]+/, "server:9.9.9"));
      await follow(
        world,
        { ...changed, objects: newer },
        commands.filter((each) => !clean.includes(each)),
      );
      await waitFor("another pod is there", 60, async () => (await podsOf(world, changed.name)).length === 2);
      const pods = await podsOf(world, changed.name);
      await follow(world, changed, clean);
      await runs(world, changed.name, 1);
      await hasItsData(world, changed);
      return `${pods.map(({ name, owner }) => `${name} of ${owner || "nobody"}`).join(", ")} on one claim; with it one`;
    },
  );
  await checks.run("an empty claim that is there already is filled, as after a lost namespace", async () => {
    await lose(world, set);
    const isDelete = (each: string) => each.includes("delete persistentvolumeclaim");
    await follow(
      world,
      set,
      commands.filter((each) => !isDelete(each)),
    );
    await runs(world, set.name, set.claims.length);
    await hasItsData(world, set);
    return set.claims.join(", ");
  });
  await checks.run(
    "scaled to zero only, its controller deletes the restored pod, and the restore hangs",
    async () => {
      const upTo = commands.findIndex((each) => each.includes(" scale "));
      await follow(world, oldWay, [
        ...commands.slice(0, upTo + 1),
        ...commands.filter((each) => each.includes("delete persistentvolumeclaim")),
      ]);
      await follow(world, oldWay, [
        restore.replace(/velero restore create/, "timeout 1 velero restore create").replace(" --wait", ""),
      ]);
      await new Promise((resolve) => setTimeout(resolve, HANGS * 1_000));
      const phases = await world.must(
        "kubectl --namespace velero get restores --output jsonpath={.items[*].status.phase}",
      );
      const pods = await podsOf(world, oldWay.name);
      must(phases.includes("InProgress") && pods.length === 0, `phases ${phases}, pods ${pods.length}`);
      return `no pod, an empty claim, and InProgress after ${HANGS} s`;
    },
  );
  checks.note("kubelets, drivers of storage and Argo CD were played");
  return checks;
};
