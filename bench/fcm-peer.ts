import { FcmService } from '../apps/server/test/fcm-service.ts';

/**
 * FCM on loopback, in a process of its own: prints where it is and the service account it knows, and on SIGUSR2 how many
 * messages it took.
 */
const service = await new FcmService().start();
service.keep = false;
process.stdout.write(`${JSON.stringify({ server: service.server, accountFile: service.accountFile })}\n`);
process.on('SIGUSR2', () => process.stdout.write(`${JSON.stringify({ messages: service.attempts })}\n`));
