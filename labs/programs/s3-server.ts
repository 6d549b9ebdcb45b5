/** Real S3 servers that keep objects in a directory of this machine. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { LoopbackServer, listensOn } from "./service.ts";

export interface S3ServerProps {
  /** Path of versitygw. */
  readonly program: string;
  /** @default "127.0.0.1" */
  readonly host?: string;
  readonly port: number;
  /** Keys of the owner, who may do everything. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Directory of the objects; a bucket is a directory in it. */
  readonly objects: string;
  /** Directory for the server's own data, its log among them. */
  readonly state: string;
  /** More arguments for the server, and for its store. @default - none */
  readonly serverArguments?: readonly string[];
  readonly storeArguments?: readonly string[];
}

/** A server to be started; attributes of objects stand beside them, because not every file system keeps these. */
export const s3Server = (props: S3ServerProps): LoopbackServer => {
  const {
    program,
    host = "127.0.0.1",
    port,
    objects,
    state,
    serverArguments = [],
    storeArguments = [],
  } = props;
  const sidecar = join(state, "sidecar");
  for (const each of [objects, sidecar]) mkdirSync(each, { recursive: true });
  return new LoopbackServer({
    command: program,
    args: [
      ...["--port", `${host}:${port}`, "--quiet", ...serverArguments],
      ...["posix", "--sidecar", sidecar, ...storeArguments, objects],
    ],
    variables: { ROOT_ACCESS_KEY: props.accessKeyId, ROOT_SECRET_KEY: props.secretAccessKey },
    log: join(state, "s3.log"),
    isUp: listensOn(port, host),
  });
};
