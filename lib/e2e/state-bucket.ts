/** The S3 server that keeps the states of a run. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { Daemon } from "./daemon.ts";
import { waitFor } from "./process.ts";

const START_SECONDS = 30;

export interface StateBucketProps {
  readonly program: string;
  readonly directory: string;
  readonly bucket: string;
  readonly port: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export class StateBucket {
  private readonly server: Daemon;

  constructor(private readonly props: StateBucketProps) {
    const { program, directory, port, accessKey, secretKey } = props;
    mkdirSync(this.path(""), { recursive: true });
    mkdirSync(join(directory, "metadata"), { recursive: true });
    this.server = new Daemon(
      program,
      [
        ...["--port", `127.0.0.1:${port}`, "--quiet"],
        // Beside the objects, because not every file system keeps attributes.
        ...["posix", "--sidecar", join(directory, "metadata"), join(directory, "objects")],
      ],
      join(directory, "s3.log"),
      { ROOT_ACCESS_KEY: accessKey, ROOT_SECRET_KEY: secretKey },
    );
  }

  private path(key: string): string {
    return join(this.props.directory, "objects", this.props.bucket, key);
  }

  async start(): Promise<void> {
    this.server.start();
    await waitFor("S3 server", START_SECONDS, async () => {
      this.server.assertRunning();
      return answers(Number(this.props.port));
    });
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

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
