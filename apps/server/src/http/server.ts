import { randomUUID } from 'node:crypto';
import { problemSchema } from '@coupon-push/contract/problem.ts';
import multipart from '@fastify/multipart';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, fastify, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { AppError } from '../lib/app-error.ts';
import { type BuiltPages, registerPages } from './pages.ts';
import { problemHandler } from './problem-handler.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** This route acts on no session, so any page may send to it (one-click unsubscribe, RFC 8058). */
    anyOrigin?: boolean;
    /** This route makes sessions: its requests are counted by their address, or each session would open the next. */
    opensSession?: boolean;
  }
}

export interface HttpOptions {
  logger: FastifyBaseLogger;
  /** Origins whose pages may send cookies with a change. */
  trustedOrigins: string[];
  /** Addresses of proxies in front: what they say of the client's address is believed. Nobody's is without. */
  trustProxy?: string;
  /** Whose request this is known to be: counted by that. Undefined: by its address. */
  knownSession?: (request: FastifyRequest) => string | undefined;
  /** Of one session or address, to the API. */
  requestsPerMinute?: number;
  /** The largest file that can be uploaded, bytes. */
  maxUploadBytes: number;
  /** The built apps; without them only the API answers. */
  pages?: BuiltPages;
}

/**
 * A server that parses every request by the contract's schemas, documents itself at /openapi.json and /docs, and
 * answers errors as problem details. It has no routes yet.
 */
export async function createHttpServer(options: HttpOptions) {
  const app = fastify({
    loggerInstance: options.logger,
    trustProxy: options.trustProxy ?? false,
    genReqId: () => randomUUID(),
    bodyLimit: 256 * 1024,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(problemHandler);
  guardOrigin(app, options.trustedOrigins);
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? 1200,
    timeWindow: '1 minute',
    // So many sessions and addresses are told apart at once.
    cache: 50_000,
    keyGenerator: (request) => {
      const session = request.routeOptions.config.opensSession ? undefined : options.knownSession?.(request);
      return session ?? normalizeIP(request.ip);
    },
    // By the route: an address can be written in many ways (`/%61pi/...`) that all lead there.
    allowList: (request) => request.routeOptions.url?.startsWith('/api/') !== true,
  });
  await app.register(multipart, { limits: { files: 1, fields: 4, fileSize: options.maxUploadBytes } });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Coupon Push',
        version: '1',
        description:
          'Errors are application/problem+json (RFC 9457); `code` is one of a closed list. Creating POSTs accept an Idempotency-Key header.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'coupon-push.session_token' },
          apiKey: { type: 'http', scheme: 'bearer', description: 'Of a marketplace system: npm run api-key' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: {
      url: '/openapi.json',
      telemetry: false,
      withDefaultFonts: false,
      // Nothing that would lead or report to the reference's maker.
      hideClientButton: true,
      showDeveloperTools: 'never',
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  if (options.pages === undefined) {
    app.setNotFoundHandler((request, reply) => problemHandler(new AppError('not_found'), request, reply));
  } else {
    await registerPages(app, options.pages);
  }
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  return app;
}

export type HttpServer = Awaited<ReturnType<typeof createHttpServer>>;

/**
 * A change that a foreign page makes a signed-in browser send is refused: browsers name the page's origin with it.
 * A request without that header comes from no page.
 */
function guardOrigin(app: { addHook: FastifyInstance['addHook'] }, trusted: string[]): void {
  app.addHook('onRequest', async (request) => {
    const origin = request.headers.origin;
    if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return;
    if (request.routeOptions.config.anyOrigin === true) return;
    if (!trusted.includes(origin)) throw new AppError('not_allowed', { origin });
  });
}

/** Responses of a route for the document: its own, and problem details for these codes. */
export function responses<T>(ok: T) {
  return { 200: ok, '4xx': problemSchema, '5xx': problemSchema };
}
