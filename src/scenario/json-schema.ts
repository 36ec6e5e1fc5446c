import { z } from 'zod';
import { scenarioSchema } from './schema.js';

/** The JSON Schema of definition files, for editors: the text of schema/scenario.schema.json. */
export function scenarioJsonSchema(): string {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', reused: 'ref' });
  return `${JSON.stringify({ title: 'sglab scenario', ...schema }, null, 2)}\n`;
}
