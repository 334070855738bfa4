import type { Answer, Channel } from '../../channels/answer.ts';
import type { Metrics } from './metrics.ts';

const outcomes = ['sent', 'retry', 'in_doubt', 'gone', 'failed', 'ours'] as const;
type CountedOutcome = (typeof outcomes)[number];

/** The channel, with every message and answer counted. Looking a counter up by its labels costs more than counting. */
export function measured<M>(channel: Channel<M>, name: string, metrics: Metrics | undefined): Channel<M> {
  if (metrics === undefined) return channel;
  const inFlight = metrics.inFlight.labels(name);
  const seconds = metrics.answerSeconds.labels(name);
  const answers = new Map(outcomes.map((outcome) => [outcome, metrics.answers.labels(name, outcome)]));
  inFlight.set(0);
  // A count that comes into being with its first event says nothing of it: a rate is a difference.
  for (const counter of answers.values()) counter.inc(0);
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
      answers.get(outcomeOf(answer))?.inc();
      return answer;
    },
    close: (patienceMs) => channel.close(patienceMs),
  };
}

function outcomeOf(answer: Answer): CountedOutcome {
  return answer.kind === 'retry' && answer.inDoubt ? 'in_doubt' : answer.kind;
}
