/** A story as the page sets it: prose as wide as there is room, commands on lines of their own. Pure. */
export interface StoryPart {
  readonly isCommands: boolean;
  readonly text: string;
}

/** Blank lines are between parts; commands stand in columns, so that a line of them has a run of spaces. */
export function storyParts(story: string): StoryPart[] {
  return story
    .trim()
    .split(/\n[^\S\n]*\n/)
    .map((part) => {
      const isCommands = /\S {2,}\S/.test(part);
      return { isCommands, text: isCommands ? part : part.replaceAll(/\s*\n\s*/g, ' ').trim() };
    });
}
