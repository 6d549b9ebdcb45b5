/** A pod of an app, as the proofs see it. */
export interface AppPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}
