import { jsonSchemaText } from '../scenario/json-schema.js';
import { lessonSchema } from './schema.js';

/** The JSON Schema of lessons, for editors: the text of schema/lesson.schema.json. */
export function lessonJsonSchema(): string {
  return jsonSchemaText('sglab lesson', lessonSchema);
}
