import type { HttpServer } from '../../http/server.ts';
import type { Metrics } from './metrics.ts';

/** Times every request, by the route's pattern: what people typed or were sent stays out of it. */
export function measureRequests(app: HttpServer, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    metrics.requestSeconds.labels(request.method, route, status).observe(reply.elapsedTime / 1000);
  });
}
