/** The files in which people keep the values of a template's parameters. */
import { z } from 'zod';
import { readJson } from '../../source/json.js';
import { readText } from '../../source/open.js';
import { fileError } from '../../source/problems.js';

const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
/** Of `aws cloudformation create-stack --parameters`. */
const listSchema = z.array(z.object({ ParameterKey: z.string(), ParameterValue: value }));
const objectSchema = z.record(z.string(), value);
/** Of `aws cloudformation deploy` and of CodePipeline. */
const wrappedSchema = z.object({ Parameters: objectSchema });

/** The values by name. Throws DefinitionError for a file of another form. */
export async function readParameters(file: string): Promise<Readonly<Record<string, string>>> {
  const read = readJson(await readText(file), file)?.value;
  const list = listSchema.safeParse(read);
  if (list.success) return Object.fromEntries(list.data.map((each) => [each.ParameterKey, each.ParameterValue]));
  const wrapped = wrappedSchema.safeParse(read);
  if (wrapped.success) return wrapped.data.Parameters;
  const plain = objectSchema.safeParse(read);
  if (plain.success) return plain.data;
  const form = 'Write {"NAME": "VALUE"}, {"Parameters": {…}} or [{"ParameterKey": …, "ParameterValue": …}].';
  throw fileError(file, 'this is no JSON file of parameters', form);
}
