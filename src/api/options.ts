import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { History, ReportStore } from "../report/index.ts";
import type { SyncControl } from "../sync/index.ts";
import type { Authenticator } from "./caller.ts";
import type { ReplicaFleet } from "./replicas/fleet.ts";

export interface ApiOptions {
  readonly control: SyncControl;
  readonly report: ReportStore;
  readonly history: Pick<History, "page">;
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** A pino instance; without it nothing is logged. */
  readonly log?: FastifyBaseLogger;
  readonly version: string;
  /** Absent: everything is open, to requests for a loopback name. See `requiresAuthentication`. */
  readonly authentication?: Authenticator;
  /** Asked at each delivery, so that a renewed secret counts. Undefined or empty: webhooks are refused. */
  readonly webhookSecret?: () => Promise<string | undefined>;
  /** Absent: this process is the only one. */
  readonly fleet?: ReplicaFleet;
  /** Milliseconds between two signs of life on an event stream. Default 15,000. */
  readonly heartbeatMs?: number;
}

/** The instance whose handlers know the types of their schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
