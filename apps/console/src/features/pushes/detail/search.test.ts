import { describe, expect, it } from 'vitest';
import { outcomesOf, readPushSearch } from './search.ts';

describe('the URL of a push’s page', () => {
  it('names a channel and a state together, or neither', () => {
    expect(readPushSearch({ channel: 'email', state: 'failed' })).toMatchObject({ channel: 'email', state: 'failed' });
    expect(readPushSearch({ channel: 'email' }).channel).toBeUndefined();
    expect(readPushSearch({ channel: 'pigeon', state: 'failed' }).state).toBeUndefined();
  });

  it('opens the overview without saying so', () => {
    expect(readPushSearch({}).tab).toBeUndefined();
    expect(readPushSearch({ tab: 'overview' }).tab).toBeUndefined();
    expect(readPushSearch({ tab: 'held-back', reason: 'muted' })).toMatchObject({ tab: 'held-back', reason: 'muted' });
  });

  it('offers "not on this channel" where there are such people', () => {
    expect(outcomesOf('email')).not.toContain('none');
    expect(outcomesOf('app_push')).toContain('none');
  });
});
