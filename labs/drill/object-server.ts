/** A real S3 server with identity policies, as the bucket of the backups. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutBucketVersioningCommand, type S3Client } from "@aws-sdk/client-s3";
import type { PolicyDocument } from "../../lib/backup/writer-policy.ts";
import { s3Client } from "../../operations/verify-backup/s3.ts";
import { s3Server } from "../programs/s3-server.ts";
import { freePort, LoopbackServer, listensOn } from "../programs/service.ts";

export const REGION = "us-east-1";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The variables by which an S3 client finds a server, as one identity. */
export const clientVariables = (endpoint: string, { accessKeyId, secretAccessKey }: S3Credentials) => ({
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
});

export class ObjectServer {
  private constructor(
    private readonly services: { readonly iam: LoopbackServer; readonly s3: LoopbackServer },
    private readonly iam: IAMClient,
    readonly endpoint: string,
    /** Credentials of the owner, who may do everything. */
    readonly owner: S3Credentials,
  ) {}

  /**
   * Starts a server that keeps objects below `directory`, and its own data below `state`.
   *
   * @param at Where it listens. @default - a free port of the loopback
   */
  static async start(directory: string, state: string, at?: URL): Promise<ObjectServer> {
    const owner = { accessKeyId: "owner", secretAccessKey: "the-owner-of-this-drill" };
    const users = join(state, "iam");
    const versions = join(directory, "versions");
    for (const each of [users, versions]) mkdirSync(each, { recursive: true });
    const socket = join(state, "iam.sock");
    const iamPort = await freePort();
    const host = at?.hostname ?? "127.0.0.1";
    const port = at ? Number(at.port) : await freePort();
    const iam = new LoopbackServer({
      command: "versitygw",
      args: [
        ...["--port", `127.0.0.1:${iamPort}`, "--quiet"],
        ...["iam", "--dir", users, "--private-ports", socket],
      ],
      variables: { ROOT_ACCESS_KEY: owner.accessKeyId, ROOT_SECRET_KEY: owner.secretAccessKey },
      log: join(state, "iam.log"),
      isUp: listensOn(iamPort),
    });
    const s3 = s3Server({
      ...owner,
      program: "versitygw",
      host,
      port,
      objects: join(directory, "objects"),
      state,
      serverArguments: ["--region", REGION, "--iam-standalone-endpoint", socket, "--iam-cache-disable"],
      storeArguments: ["--versioning-dir", versions],
    });
    await iam.start();
    await s3.start();
    const client = new IAMClient({
      region: REGION,
      endpoint: `http://127.0.0.1:${iamPort}`,
      credentials: owner,
    });
    return new ObjectServer({ iam, s3 }, client, `http://${host}:${port}`, owner);
  }

  client(credentials: S3Credentials): S3Client {
    return s3Client(clientVariables(this.endpoint, credentials));
  }

  /** Makes a bucket with versioning, as every bucket of the backup stack has it. */
  async makeBucket(bucket: string): Promise<void> {
    const client = this.client(this.owner);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await client.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }),
    );
  }

  /** A user that may do what a policy says, and nothing else. */
  async makeUser(name: string, policy: PolicyDocument | object): Promise<S3Credentials> {
    await this.iam.send(new CreateUserCommand({ UserName: name }));
    await this.iam.send(
      new PutUserPolicyCommand({ UserName: name, PolicyName: name, PolicyDocument: JSON.stringify(policy) }),
    );
    const { AccessKey } = await this.iam.send(new CreateAccessKeyCommand({ UserName: name }));
    if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey)
      throw new Error(`IAM: no access key for ${name}`);
    return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
  }

  /** Loses the S3 server as by a power cut; its objects stay. */
  goDown(): Promise<void> {
    return this.services.s3.kill();
  }

  /** Starts the server again unless it is up. */
  async comeBack(): Promise<void> {
    if (!this.services.s3.isRunning) await this.services.s3.start();
  }

  async kill(): Promise<void> {
    await this.services.s3.kill();
    await this.services.iam.kill();
  }
}
