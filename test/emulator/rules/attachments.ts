import type { CatalogueModel } from '../catalogue.ts';
import { isObject, objectOf, stringOf, type Json, type JsonObject } from '../json.ts';
import { badRequest } from '../refusal.ts';
import type { RequestView } from './view.ts';

/** Limits on which the sources of protocol §4.8 disagree; these are the defaults of the emulator. */
const IMAGE_LIMITS = { perRequest: 10, bytes: 3_932_160, pixels: 8000 };
/** Documents of one message (protocol §4.5). */
const DOCUMENT_LIMIT = 5;

const FORMATS = new Set(['png', 'jpeg', 'gif', 'webp']);
const DOCUMENT_FORMATS = new Set(['pdf', 'csv', 'doc', 'docx', 'xls', 'xlsx', 'html', 'txt', 'md']);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Images and documents (protocol §4.5, §4.8). */
export const ATTACHMENT_RULES: readonly ((view: RequestView, model: CatalogueModel) => void)[] = [
  imageShape,
  imageFormat,
  imageBytes,
  imageMatchesFormat,
  imageSize,
  imageDimension,
  imageCount,
  imageModel,
  documentShape,
  documentName,
  documentNamesUnique,
  documentCount,
];

function imageShape(view: RequestView): void {
  for (const { where, image } of images(view)) {
    const known = Object.keys(image).every((member) => member === 'format' || member === 'source');
    const source = objectOf(image['source']);
    if (!known || typeof source['bytes'] !== 'string' || Object.keys(source).length !== 1) {
      throw badRequest('image-shape', `${where}: an image is {format, source: {bytes}}`);
    }
  }
}

function imageFormat(view: RequestView): void {
  for (const { where, image } of images(view)) {
    if (!FORMATS.has(stringOf(image['format']))) {
      throw badRequest(
        'image-format',
        `${where}: format ${JSON.stringify(image['format'])}`,
        'IMAGE_FORMAT_UNSUPPORTED',
      );
    }
  }
}

function imageBytes(view: RequestView): void {
  for (const { where, bytes } of images(view)) {
    if (!BASE64.test(bytes) || bytes.length % 4 !== 0)
      throw badRequest('image-bytes', `${where}: bytes are not base64`);
  }
}

function imageMatchesFormat(view: RequestView): void {
  for (const { where, image, bytes } of images(view)) {
    const seen = formatOf(Buffer.from(bytes.slice(0, 64), 'base64'));
    if (seen !== image['format']) {
      throw badRequest(
        'image-mime',
        `${where}: declared ${stringOf(image['format'])}, is ${seen ?? 'unknown'}`,
        'IMAGE_MIME_MISMATCH',
      );
    }
  }
}

function imageSize(view: RequestView): void {
  for (const { where, bytes } of images(view)) {
    if ((bytes.length / 4) * 3 > IMAGE_LIMITS.bytes)
      throw badRequest('image-size', `${where}: too large`, 'IMAGE_SIZE_EXCEEDED');
  }
}

function imageDimension(view: RequestView): void {
  for (const { where, image, bytes } of images(view)) {
    if (image['format'] !== 'png') continue;
    const head = Buffer.from(bytes.slice(0, 64), 'base64');
    if (head.length >= 24 && Math.max(head.readUInt32BE(16), head.readUInt32BE(20)) > IMAGE_LIMITS.pixels) {
      throw badRequest(
        'image-dimension',
        `${where}: more than ${IMAGE_LIMITS.pixels} pixels`,
        'IMAGE_DIMENSION_EXCEEDED',
      );
    }
  }
}

function imageCount(view: RequestView): void {
  const count = images(view).length;
  if (count > IMAGE_LIMITS.perRequest) throw badRequest('image-count', `${count} images`, 'IMAGE_COUNT_EXCEEDED');
}

function imageModel(view: RequestView, model: CatalogueModel): void {
  if (images(view).length > 0 && !model.supportedInputTypes.includes('IMAGE')) {
    throw badRequest('image-model', `${model.modelId} takes text only`);
  }
}

function documentShape(view: RequestView): void {
  for (const { where, document } of documents(view)) {
    const known = Object.keys(document).every((member) => ['name', 'format', 'source'].includes(member));
    const bytes = stringOf(objectOf(document['source'])['bytes']);
    if (!known || !DOCUMENT_FORMATS.has(stringOf(document['format'])) || !BASE64.test(bytes)) {
      throw badRequest('document-shape', `${where}: a document is {name, format, source: {bytes}}`);
    }
  }
}

function documentName(view: RequestView): void {
  for (const { where, name } of documents(view)) {
    if (!/^[\p{L}\p{N} \-_()[\]]{1,200}$/u.test(name) || name.includes('  ')) {
      throw badRequest('document-name', `${where}: name ${JSON.stringify(name)}`);
    }
  }
}

function documentNamesUnique(view: RequestView): void {
  const names = documents(view).map((one) => one.name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw badRequest('document-duplicate', `name ${repeated} twice`, 'DOCUMENT_DUPLICATE_NAME');
}

function documentCount({ users }: RequestView): void {
  for (const user of users) {
    if (user.documents.length > DOCUMENT_LIMIT) {
      throw badRequest(
        'document-count',
        `${user.where}: ${user.documents.length} documents`,
        'DOCUMENT_COUNT_EXCEEDED',
      );
    }
  }
}

function images(view: RequestView): { where: string; image: JsonObject; bytes: string }[] {
  return view.users.flatMap((user) =>
    user.images.map((one: Json, index) => {
      const image = isObject(one) ? one : {};
      return { where: `${user.where} images[${index}]`, image, bytes: stringOf(objectOf(image['source'])['bytes']) };
    }),
  );
}

function documents(view: RequestView): { where: string; document: JsonObject; name: string }[] {
  return view.users.flatMap((user) =>
    user.documents.map((one, index) => {
      const document = objectOf(one);
      return { where: `${user.where} documents[${index}]`, document, name: stringOf(document['name']) };
    }),
  );
}

function formatOf(head: Buffer): string | undefined {
  if (head.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))) return 'png';
  if (head.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'jpeg';
  if (/^GIF8[79]a/.test(head.toString('latin1', 0, 6))) return 'gif';
  return head.toString('latin1', 0, 4) === 'RIFF' && head.toString('latin1', 8, 12) === 'WEBP' ? 'webp' : undefined;
}
