/** Who handed in what: the files of a class's folder, without those that are nobody's. */
import fs from 'node:fs';
import path from 'node:path';
import { quote } from '../../cloud/text/quote.js';
import { SglabError } from '../../errors.js';

export interface HandedIn {
  /** Whose it is: the name of the file without its ending, or of the folder. */
  readonly submission: string;
  readonly file: string;
}

export interface ClassFolder {
  readonly submissions: readonly HandedIn[];
  /** Files that are nobody's work. */
  readonly ignored: readonly string[];
}

/** Notes, lists of grades, and what editors and desktops leave behind. */
const NOBODYS: readonly RegExp[] = [
  /^(readme|licen[sc]e|changelog|notes?)(\.(md|txt|rst|adoc))?$/i,
  /^(thumbs\.db|desktop\.ini|icon\r|__macosx|node_modules)$/i,
  /\.(csv|html?|bak|swp|swo|tmp|lnk|url)$/i,
  /^~\$|~$/,
];

/** A person may have a folder with one file or several; people whose files are called alike are told apart by their endings. */
export function readClassFolder(directory: string): ClassFolder {
  const entries = entriesOf(directory);
  const found: HandedIn[] = [];
  for (const entry of entries.filter(isWork)) {
    const file = path.join(directory, entry.name);
    if (entry.isFile()) found.push({ submission: path.parse(entry.name).name, file });
    if (!entry.isDirectory()) continue;
    const own = entriesOf(file).filter((each) => each.isFile() && isWork(each));
    for (const { name } of own) {
      const submission = own.length === 1 ? entry.name : `${entry.name}/${path.parse(name).name}`;
      found.push({ submission, file: path.join(file, name) });
    }
  }
  const ignored = entries.filter((entry) => !entry.name.startsWith('.') && !isWork(entry)).map(({ name }) => name);
  return { submissions: found.map((each) => withEnding(each, found)), ignored };
}

/** A history is handed in as the shell calls it, `.bash_history`; other hidden files are the desktop's. */
function isWork({ name }: fs.Dirent): boolean {
  return /^(?!\.)|^\.\w*history$/.test(name) && !NOBODYS.some((pattern) => pattern.test(name));
}

function withEnding(each: HandedIn, all: readonly HandedIn[]): HandedIn {
  const isAlone = all.filter(({ submission }) => submission === each.submission).length === 1;
  return isAlone ? each : { ...each, submission: each.submission + path.extname(each.file) };
}

/** Names of the folders in it, in order. */
export function foldersIn(directory: string): string[] {
  return entriesOf(directory)
    .filter((entry) => entry.isDirectory() && isWork(entry))
    .map(({ name }) => name);
}

/** In the order of names. @throws SglabError for what is no folder */
function entriesOf(directory: string): fs.Dirent[] {
  try {
    const entries = fs.readdirSync(directory, { withFileTypes: true });
    return entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (cause) {
    throw new SglabError('NoSubmissions', `${quote(directory)} is not a readable folder`, { cause });
  }
}
