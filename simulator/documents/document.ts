/** A document's bytes. A function is asked at each download, so that thousands of samples cost nothing until they are read. */
export type DocumentContent = Buffer | (() => Buffer);

/** A document to be added with a fax. Buffers are shared, never copied. */
export interface NewDocument {
	/** Without the dot: `pdf`, `tiff`, `tif`, `txt`. */
	readonly extension: string;
	readonly content: DocumentContent;
	/** The last part of the address, in place of `{id}.{extension}` (or `{id}-{number}.{extension}` of several). */
	readonly name?: string | undefined;
	/** Listed in place of the usual address: another host, another scheme, no address at all. */
	readonly url?: string | undefined;
	/** In place of the type that goes with the extension. */
	readonly contentType?: string | undefined;
}

/** A document the service keeps, under the name by which it is asked for. */
export interface FaxDocument {
	readonly name: string;
	readonly content: DocumentContent;
	readonly contentType: string;
	readonly url?: string | undefined;
}

/**
 * The vendor's Python client reads `text/plain` and `application/json` as text
 * and spoils them, hence no such type here, not even for a text.
 */
const contentTypes: Readonly<Record<string, string>> = {
	pdf: 'application/pdf',
	tif: 'image/tiff',
	tiff: 'image/tiff',
};

/** Gives the documents of a fax their names: `{id}.{extension}`, and with a number before the dot if there are several. */
export function nameDocuments(id: string, documents: readonly NewDocument[]): FaxDocument[] {
	return documents.map(({extension, content, name, url, contentType}, index) => ({
		name: name ?? (documents.length === 1 ? `${id}.${extension}` : `${id}-${index + 1}.${extension}`),
		content,
		contentType: contentType ?? contentTypes[extension.toLowerCase()] ?? 'application/octet-stream',
		url,
	}));
}

/** The bytes, whether they lie there or are made on request. */
export function bytesOf(document: FaxDocument): Buffer {
	return typeof document.content === 'function' ? document.content() : document.content;
}
