import { z } from 'zod';

/** The JSON Schema of a kind of file, as the text of the file that is published for editors. */
export function jsonSchemaText(title: string, fileSchema: z.ZodType): string {
  const schema = z.toJSONSchema(fileSchema, {
    io: 'input',
    override: ({ jsonSchema }) => dropMachineBounds(jsonSchema),
  });
  return `${JSON.stringify({ title, ...schema }, null, 2)}\n`;
}

/** Without this, every integer would have the bounds of a JavaScript number. */
function dropMachineBounds(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
