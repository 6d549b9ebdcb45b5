/** The S3 server that keeps the states of a run. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { listensOn, Service } from "../programs/service.ts";

export interface StateBucketProps {
  readonly program: string;
  readonly directory: string;
  readonly bucket: string;
  readonly port: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export class StateBucket {
  private readonly server: Service;

  constructor(private readonly props: StateBucketProps) {
    const { program, directory, port, accessKey, secretKey } = props;
    mkdirSync(this.path(""), { recursive: true });
    mkdirSync(join(directory, "metadata"), { recursive: true });
    this.server = new Service({
      command: program,
      args: [
        ...["--port", `127.0.0.1:${port}`, "--quiet"],
        // Beside the objects, because not every file system keeps attributes.
        ...["posix", "--sidecar", join(directory, "metadata"), join(directory, "objects")],
      ],
      log: join(directory, "s3.log"),
      variables: { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
      isUp: listensOn(Number(port)),
    });
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
