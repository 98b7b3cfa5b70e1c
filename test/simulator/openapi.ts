import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import addFormats from 'ajv-formats';
import Ajv2020, {type ValidateFunction} from 'ajv/dist/2020';
import {parse} from 'yaml';
import {root} from '../../scripts/setup.mjs';

interface Operation {
	readonly operationId: string;
	readonly responses: Readonly<Record<string, Described & {readonly $ref?: string}>>;
}

interface Described {
	readonly content?: Readonly<Record<string, {readonly schema?: object}>>;
}

interface Values {
	readonly enum?: readonly unknown[];
	readonly const?: unknown;
}

interface Schema extends Values {
	readonly properties?: Readonly<Record<string, Values>>;
	readonly oneOf?: readonly {readonly properties: Readonly<Record<string, Values>>}[];
}

interface Description {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
	readonly components: {
		readonly responses: Readonly<Record<string, Described>>;
		readonly schemas: Readonly<Record<string, Schema>>;
	};
}

/** An answer as received, and its request. */
export interface Seen {
	readonly method: string;
	readonly path: string;
	readonly status: number;
	readonly contentType: string;
	readonly body: Buffer;
}

export const description = parse(readFileSync(join(root, 'docs', 'openapi.yaml'), 'utf8')) as Description;

const ajv = new Ajv2020({
	strict: true,
	strictTypes: false,
	strictRequired: false,
	allErrors: true,
	allowUnionTypes: true,
});
// An OpenAPI document is not itself a schema, but its schemas refer to each other.
for (const word of ['openapi', 'info', 'servers', 'tags', 'paths', 'components']) {
	ajv.addKeyword(word);
}
addFormats(ajv);
ajv.addSchema(description, 'description');

const validators = new Map<string, ValidateFunction>();

/** How an answer violates the description; `undefined` if it does not. */
export const complaintAbout = ({method, path, status, contentType, body}: Seen): string | undefined => {
	const template = Object.keys(description.paths).find((known) => matches(known, path));
	const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
	if (template === undefined || operation === undefined) {
		// An undescribed path must be refused, apart from the page, which only people use.
		const isRefused = [400, 401, 403, 404, 405, 414, 415].includes(status);
		return isRefused || /^\/simulator(\/|\/page\/.*)?$/.test(path)
			? undefined
			: `${method} ${path} is not described, and answered ${status}.`;
	}

	const where = `${method} ${template} ${status}`;
	const response = operation.responses[status];
	if (response === undefined) {
		return `${where} is not described.`;
	}

	const pointer = response.$ref ?? `#/paths/${escape(template)}/${method.toLowerCase()}/responses/${status}`;
	const content =
		(response.$ref === undefined ? response : description.components.responses[response.$ref.split('/').at(-1) ?? ''])
			?.content ?? {};
	const [type = ''] = contentType.split(';');
	const described = content[type];
	if (described === undefined) {
		return `${where} is described as ${Object.keys(content).join(' or ')}, not ${contentType}.`;
	}

	return described.schema === undefined
		? undefined
		: complaint(where, `description${pointer}/content/${escape(type)}/schema`, type, body);
};

const complaint = (where: string, reference: string, type: string, body: Buffer): string | undefined => {
	const text = body.toString();
	let value: unknown = text;
	if (type === 'application/json') {
		value = text === '' ? null : JSON.parse(text);
	}

	const validate = validators.get(reference) ?? ajv.compile({$ref: reference});
	validators.set(reference, validate);
	return validate(value) ? undefined : `${where}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`;
};

const matches = (template: string, path: string): boolean =>
	new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

/** Escapes a part of a JSON pointer for use in a URL. */
const escape = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
