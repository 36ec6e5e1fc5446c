import { expect, it } from 'vitest';
import { storyParts } from '../../../src/console/pages/lesson/story.js';

it('sets prose as one line, and keeps commands on theirs', () => {
  const story = 'The site\nis down.\n\nLook first:  sglab rules\nAnd then:    sglab matrix\n';
  expect(storyParts(story)).toEqual([
    { isCommands: false, text: 'The site is down.' },
    { isCommands: true, text: 'Look first:  sglab rules\nAnd then:    sglab matrix' },
  ]);
});
