/** The reason why a backup does not count, in a word that a program can go by. */
type Reason =
  /** The place is empty, or holds something other than a backup. */
  | "missing"
  /** The store could not be asked, or stopped answering. */
  | "unreachable"
  /** No byte, or no key in it. */
  | "empty"
  | "unencrypted"
  | "wrong-key"
  /** Ends early, for certain. */
  | "truncated"
  /** The bytes were certainly changed after they were written. */
  | "tampered"
  /** Cannot be authenticated at its end: cut off, or altered there. */
  | "damaged"
  /** Whole and authentic, but no snapshot of etcd. */
  | "not-a-snapshot"
  | "future"
  | "too-old"
  /** An age is asked for, and nothing tells it. */
  | "undated"
  /** A tool or resource to judge it with is missing: `etcdutl`, or room. Says nothing about the backup. */
  | "no-tool"
  | "no-room";

/** A backup that does not count, and why. Never holds a part of a key or of what was decrypted. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.reason = reason;
  }
}
