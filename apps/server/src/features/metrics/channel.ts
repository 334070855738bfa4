import type { Answer, Channel } from '../../channels/answer.ts';
import type { Metrics } from './metrics.ts';

/** The channel, with every message and answer counted. */
export function measured<M>(channel: Channel<M>, name: string, metrics: Metrics | undefined): Channel<M> {
  if (metrics === undefined) return channel;
  const inFlight = metrics.inFlight.labels(name);
  const seconds = metrics.answerSeconds.labels(name);
  inFlight.set(0);
  return {
    get inFlight() {
      return channel.inFlight;
    },
    send: async (message) => {
      const began = performance.now();
      inFlight.inc();
      const answer = await channel.send(message);
      inFlight.dec();
      seconds.observe((performance.now() - began) / 1000);
      metrics.answers.labels(name, outcomeOf(answer)).inc();
      return answer;
    },
    close: (patienceMs) => channel.close(patienceMs),
  };
}

function outcomeOf(answer: Answer): string {
  return answer.kind === 'retry' && answer.inDoubt ? 'in_doubt' : answer.kind;
}
