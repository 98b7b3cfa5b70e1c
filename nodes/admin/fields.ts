/** Reads the body of a request from the editor, which may hold anything. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? {...value} : {});

export const textOf = (fields: Fields, name: string): string => {
	const value = fields[name];
	return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
