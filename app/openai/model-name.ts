import * as v from 'valibot';
import { filledText } from '../conversation/request-schema.ts';

/** `model`. It is kept in the history and shown, so it has to be a name. */
export const modelName = v.pipe(filledText, v.maxLength(256, 'must have at most 256 characters'));
