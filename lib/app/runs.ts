/** Apps that run to their end: at times, or once. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../environments/recorded/chart-request.ts";
import type { HelmValues } from "./helm-value.ts";

/** When the pod of an app runs. */
export type Runs =
  | { readonly kind: "schedule"; readonly schedule: string; readonly timeZone: string }
  | { readonly kind: "once" };

/**
 * A CronJob: a pod at each time, and never two at once.
 * @param schedule five fields of cron, e.g. `17 3 * * *` @param timeZone e.g. `Europe/Paris`
 */
export const onSchedule = (schedule: string, timeZone = "Etc/UTC"): Runs => ({
  kind: "schedule",
  schedule,
  timeZone,
});

/**
 * A Job that runs once, and anew whenever what the app says of it changes. It is a hook of ArgoCD's sync: the homelab's
 * admission deletes Jobs an hour after their end, and ArgoCD would start a plain one again each time.
 */
export const once = (): Runs => ({ kind: "once" });

/** Tries before a run counts as failed. */
const RETRIES = 2;

/** The controller of `app-template` for runs: in place of a Deployment. */
export const runController = (runs: Runs, hibernates: boolean): HelmValues =>
  runs.kind === "schedule"
    ? {
        type: "cronjob",
        cronjob: {
          schedule: runs.schedule,
          timeZone: runs.timeZone,
          concurrencyPolicy: "Forbid",
          // A node that was away, or a control plane being upgraded, does not lose the run of the day.
          startingDeadlineSeconds: 3600,
          backoffLimit: RETRIES,
          suspend: hibernates,
        },
      }
    : {
        type: "job",
        annotations: {
          "argocd.argoproj.io/hook": "Sync",
          "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        },
        job: { backoffLimit: RETRIES, suspend: hibernates },
      };

/**
 * Makes ArgoCD sync an app that is a hook alone: without an object that is out of sync it never would. The object
 * holds the digest of the values, so a change of them is one.
 */
export const syncTrigger = (values: HelmValues): HelmValues => ({
  configMaps: {
    "runs-for": {
      data: { values: createHash("sha256").update(canonicalJson(values)).digest("hex").slice(0, 16) },
    },
  },
});
