/**
 * URL of a server: http or https, without credentials, query or fragment. Immutable; written as it was given, since a
 * slash more at its end is another setting to many programs.
 */
export class HttpUrl {
  /** Name or IPv4 address of the server. */
  readonly hostname: string;
  /** The port that it says, or that of its scheme. */
  readonly port: number;
  readonly isEncrypted: boolean;
  /** `/` where it says none. */
  readonly path: string;
  private readonly text: string;

  private constructor(text: string) {
    const { hostname, port, protocol, pathname } = new URL(text);
    this.text = text;
    this.hostname = hostname;
    this.isEncrypted = protocol === "https:";
    this.port = port ? Number(port) : this.isEncrypted ? 443 : 80;
    this.path = pathname;
  }

  static isValid(text: string): boolean {
    if (!/^https?:\/\/[a-z0-9][a-z0-9.-]*(:\d{1,5})?(\/[\w./~%+-]*)?$/.test(text)) return false;
    return URL.canParse(text) && text.includes(`//${new URL(text).hostname}`);
  }

  /** Throws on any other text. */
  static parse(text: string): HttpUrl {
    if (!HttpUrl.isValid(text))
      throw new RangeError(
        `must be an http or https URL, without credentials, query or fragment: got ${JSON.stringify(text.replace(/\/\/[^/]*@/, "//…@"))}`,
      );
    return new HttpUrl(text);
  }

  /** The server, with its port unless that is the scheme's: `192.168.111.69:8085`. */
  get host(): string {
    return new URL(this.text).host;
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}
