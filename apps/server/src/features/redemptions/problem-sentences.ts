import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Db } from '../../db/database.ts';
import { sendProblem, toProblem } from '../../http/problem-handler.ts';
import { readMarketplace } from '../marketplace/service.ts';
import { refusalSentences } from './rules.ts';

/** Problem details with the sentence in each language: a checkout has none of our catalogues. An errorHandler. */
export function withSentences(db: Db) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const problem = toProblem(error, request);
    const marketplace = await readMarketplace(db).catch(() => ({ currency: 'JPY', zone: 'UTC' }));
    const sentences = refusalSentences(problem.code, problem.params, marketplace);
    if (problem.code === 'api_key_invalid') reply.header('www-authenticate', 'Bearer');
    const body = { ...problem, sentences };
    await sendProblem(error, body, request, reply);
  };
}
