/** The S3 server that keeps the states of a run. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type S3ServerProps, s3Server } from "../programs/s3-server.ts";
import type { LoopbackServer } from "../programs/service.ts";

export interface StateBucketProps
  extends Pick<S3ServerProps, "program" | "port" | "accessKeyId" | "secretAccessKey"> {
  readonly directory: string;
  readonly bucket: string;
}

export class StateBucket {
  private readonly server: LoopbackServer;

  constructor(private readonly props: StateBucketProps) {
    const { directory } = props;
    this.server = s3Server({ ...props, objects: join(directory, "objects"), state: directory });
    mkdirSync(this.path(""), { recursive: true });
  }

  private path(key: string): string {
    return join(this.props.directory, "objects", this.props.bucket, key);
  }

  start(): Promise<void> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.kill();
  }

  /** True while a run of Terraform holds the lock of a state. */
  isLocked(key: string): boolean {
    return existsSync(this.path(`${key}.tflock`));
  }

  /** Forgets a state and its lock. */
  forget(key: string): void {
    for (const each of [key, `${key}.tflock`]) rmSync(this.path(each), { force: true });
  }
}
