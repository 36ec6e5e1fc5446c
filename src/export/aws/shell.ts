/** Text that a shell evaluates, safe inside double quotes: `$GROUP_2`. */
export interface Shell {
  readonly shell: string;
}

export function isShell(value: unknown): value is Shell {
  return typeof value === 'object' && value !== null && 'shell' in value;
}

/** One word of a command line. Nothing means anything in single quotes, in any shell. */
export function word(value: string | Shell): string {
  if (isShell(value)) return `"${value.shell}"`;
  return /^[\w./:,=@%+-]+$/.test(value) ? value : quoted(value);
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON as one word: single quotes, opened for what the shell evaluates. */
export function jsonWord(value: unknown): string {
  return `'${json(value)}'`;
}

function json(value: unknown): string {
  if (isShell(value)) return `"'"${value.shell}"'"`;
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll("'", "'\\''");
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${json(each)}`)
    .join(',')}}`;
}

/** `--tag-specifications …` with a Name tag. */
export function nameTag(type: string, name: string): string {
  return `--tag-specifications ${quoted(`ResourceType=${type},Tags=[{Key=Name,Value=${name}}]`)}`;
}

export function heading(text: string): string {
  return `\n# ${text.replace(/[^\x20-\x7e]/g, '?')}`;
}
